"""What the end-to-end tests are written with: a relay process, clients, signed events."""
