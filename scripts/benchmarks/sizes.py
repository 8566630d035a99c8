"""How much of everything is measured."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Sizes:
    #: Events that are published, and that the workloads on a small database find.
    events: int = 20_000
    queries: int = 1_500
    #: Subscribers that follow authors, and that all subscribe to one kind.
    followers: int = 500
    listeners: int = 1_000
    #: Events that are published to them.
    follower_events: int = 5_000
    listener_events: int = 1_000
    #: Events that are published one after the other.
    single_events: int = 1_000
    idle_connections: int = 3_000
    imported: int = 200_000
    disk_events: int = 100_000
    author_events: int = 200_000
    #: Events of the large database, and of the one that it is compared with; none where there is no large one.
    large: int = 0
    compared: int = 100_000
    #: New events whose cost is compared.
    compared_events: int = 5_000


SIZES = {
    "default": Sizes(),
    "quick": Sizes(
        events=1_000,
        queries=120,
        followers=50,
        listeners=50,
        follower_events=500,
        listener_events=200,
        single_events=100,
        idle_connections=200,
        imported=3_000,
        disk_events=3_000,
        author_events=6_000,
        large=6_000,
        compared=2_000,
        compared_events=300,
    ),
    "large": replace(Sizes(), imported=1_000_000, large=1_000_000),
    "huge": replace(Sizes(), imported=1_000_000, large=5_000_000),
}
