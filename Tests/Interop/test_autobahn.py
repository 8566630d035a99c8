"""RFC 6455 and RFC 7692 as the Autobahn test suite sees them, tried on the relay's own handshake, frames and compression.

The suite expects its messages back, which a relay does not give; so it talks to an echo made of the same code. It is a
program of others for Python 2.7; where there is none this file is skipped, and says so. By default it tries three of the
eighteen sizes of each part of sections 12 and 13, a thousand messages each; --autobahn all tries every one, which takes
half an hour.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from support.autobahn import Echo, NoSuite, Suite
from support.places import is_sanitized

RULES = ["1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "10.*"]
SIZES = ["9.*"]
COMPRESSION = ["12.*", "13.*"]
#: Of the cases of each part, 16 bytes to 128 KiB and then the longest in fragments, those that the quick run tries.
QUICK = (1, 5, 11)
PARTS = [f"12.{part}" for part in range(1, 6)] + [f"13.{part}" for part in range(1, 8)]
LEFT_OUT = [f"{part}.{case}" for part in PARTS for case in range(1, 19) if case not in QUICK]
#: What Autobahn reports without a verdict: data after a close frame, and close codes above 4999.
INFORMATIONAL = {"7.1.6", "7.13.1", "7.13.2"}


@pytest.fixture(scope="module")
def suite() -> Suite:
    try:
        return Suite()
    except NoSuite as reason:
        pytest.skip(str(reason))


def check(
    suite: Suite, folder: Path, figures: Callable[[str], None], cases: list[str], excluded: list[str], least: int
) -> None:
    with Echo() as plain, Echo(context_bytes=32 << 10) as keeping:
        report = suite.run(folder, {"no context": plain.port, "context": keeping.port}, cases, excluded)
    figures(f"Autobahn {', '.join(cases)}: {report.summary()}")
    verdicts = report.worst()
    assert len(verdicts) >= least, "cases are missing"
    others = {place: verdict for place, verdict in verdicts.items() if verdict != "OK"}
    assert {place: verdict for place, verdict in others.items() if verdict != "INFORMATIONAL"} == {}
    assert {case for _, case in others} <= INFORMATIONAL


@pytest.mark.timeout(900)
def test_every_rule_is_kept_to_the_letter(suite: Suite, tmp_path: Path, figures: Callable[[str], None]) -> None:
    check(suite, tmp_path, figures, RULES, [], least=2 * 247)


@pytest.mark.timeout(1200)
@pytest.mark.skipif(is_sanitized(), reason="a sanitized echo is too slow for messages of megabytes")
def test_messages_of_every_size_come_back(suite: Suite, tmp_path: Path, figures: Callable[[str], None]) -> None:
    check(suite, tmp_path, figures, SIZES, [], least=2 * 54)


@pytest.mark.timeout(3600)
@pytest.mark.skipif(is_sanitized(), reason="a sanitized echo is too slow for that many messages")
def test_compressed_messages_come_back_with_all_parameters(
    suite: Suite, tmp_path: Path, figures: Callable[[str], None], pytestconfig: pytest.Config
) -> None:
    is_whole = pytestconfig.getoption("autobahn") == "all"
    check(suite, tmp_path, figures, COMPRESSION, [] if is_whole else LEFT_OUT, least=2 * (216 if is_whole else 36))
