"""A company's own networks: which addresses lie in them, what is no network, how lines of a log are marked (I10)."""

from __future__ import annotations

import gzip
import ipaddress
import re
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion import lake
from ingestion.landing import land
from opsloop.errors import OpsloopError
from opsloop.networks import Networks
from opsloop.settings import parse_settings
from opsloop.workspace import Workspace

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
OFFICE = ["203.0.113.0/28", "2001:db8:7::/48"]
LINE = '{host} - - [17/May/2015:10:05:{second:02} +0200] "GET /{second} HTTP/1.1" 200 5 "-" "Mozilla/5.0 (X11)"'
# Hosts as Apache and nginx write them, and whether the office is one of them.
HOSTS = {
    "203.0.113.0": True,
    "203.0.113.15": True,
    "203.0.113.16": False,
    "203.0.112.255": False,
    "::ffff:203.0.113.7": True,
    "2001:db8:7::1": True,
    "2001:DB8:7:FFFF:ffff:ffff:ffff:ffff": True,
    "2001:db8:8::": False,
    "fe80::1%eth0": False,
    "crawl-203-0-113-7.example.com": False,
    "203.0.113.7.example": False,
}


def _v4(bits: int, length: int) -> Network:
    return ipaddress.ip_network(((0xCB007100 | bits) >> (32 - length) << (32 - length), length))


def _v6(bits: int, length: int) -> Network:
    return ipaddress.ip_network(((0x20010DB8 << 96 | bits) >> (128 - length) << (128 - length), length))


SMALL = st.integers(0, 255)
NETWORKS = st.one_of(
    st.builds(_v4, SMALL, st.integers(22, 32)),
    st.builds(_v6, SMALL, st.integers(118, 128)),
)
ADDRESSES = st.one_of(
    SMALL.map(lambda n: ipaddress.IPv4Address(0xCB007100 + n)),
    SMALL.map(lambda n: ipaddress.IPv6Address((0x20010DB8 << 96) + n)),
)


@given(networks=st.lists(NETWORKS, max_size=6), addresses=st.lists(ADDRESSES, min_size=1, max_size=20))
def test_an_address_is_in_the_networks_as_python_says_of_each_of_them(
    networks: list[Network], addresses: list[ipaddress.IPv4Address | ipaddress.IPv6Address]
) -> None:
    """I10: networks within others, side by side, of one address, of both kinds."""
    own = Networks(str(network) for network in networks)
    expected = [any(address in network for network in networks) for address in addresses]
    assert [str(address) in own for address in addresses] == expected


def test_a_network_is_kept_in_its_usual_form() -> None:
    """I10: an address alone is a network of one."""
    given_as = [" 10.0.0.0/8", "203.0.113.9", "2001:DB8:0::/32", "192.168.0.0/255.255.0.0"]
    found = parse_settings({"version": 1, "internal_networks": given_as}, "opsloop.yaml").internal_networks
    assert found == ["10.0.0.0/8", "203.0.113.9/32", "2001:db8::/32", "192.168.0.0/16"]


@pytest.mark.parametrize(
    ("network", "said"),
    [
        ("office", "internal_networks.1: 'office' is no network: write 203.0.113.0/24 or 2001:db8::/32"),
        ("10.0.0.0/33", "'10.0.0.0/33' is no network"),
        ("10.1.2.3/8", "'10.1.2.3/8' names an address within a network: write 10.0.0.0/8 for all of it"),
        ("2001:db8::1/32", "write 2001:db8::/32 for all of it, or the address alone"),
        (10, "valid string"),
    ],
)
def test_what_is_no_network_is_refused_in_one_line(network: Any, said: str) -> None:
    """I10: rules are data, and wrong data is one clear line with the place and what to write."""
    with pytest.raises(OpsloopError, match=re.escape(said)) as raised:
        parse_settings({"version": 1, "internal_networks": ["10.0.0.0/8", network]}, "opsloop.yaml")
    assert "\n" not in str(raised.value)


@pytest.fixture
def logs(tmp_path: Path) -> Workspace:
    """A workspace with a server log whose lines come from each of the hosts, one a second."""
    ws = Workspace.create(tmp_path / "ws", {"sources": ["access_logs"], "time_zone": "UTC"})
    folder = ws.landing / "access_logs" / "requests" / "shop.example"
    folder.mkdir(parents=True)
    lines = [LINE.format(host=host, second=second) for second, host in enumerate(HOSTS)]
    (folder / "access.log").write_text("\n".join(lines) + "\n")
    return ws


def _marks(ws: Workspace) -> tuple[list[bool], int]:
    """Whether each host's request is marked as the present version has it, and how many versions there are."""
    with duckdb.connect() as con:
        lake.attach(con, ws)
        found = con.sql(
            "select coalesce(arg_max(is_internal is true, _batch), false) from landing_access_logs.requests"
            " group by requested_at order by requested_at"
        ).fetchall()
        ((versions,),) = con.sql("select count(*) from landing_access_logs.requests").fetchall()
    return [is_own for (is_own,) in found], versions


def test_lines_of_the_companys_own_networks_are_marked_and_no_other(logs: Workspace) -> None:
    """I10: the first and last address of a network, IPv6 in any spelling, IPv4 within IPv6; a host's name is none."""
    logs.settings.internal_networks = OFFICE
    land(logs)
    assert _marks(logs) == (list(HOSTS.values()), len(HOSTS))
    clear = [path for path in logs.lake.rglob("*") if path.is_file() and b"203.0.113." in path.read_bytes()]
    assert not clear


def test_networks_that_change_have_logs_that_still_lie_there_read_again(logs: Workspace) -> None:
    """I10, I5: what that alters are new versions, the rest adds nothing; a network taken back is no network."""
    own = sum(HOSTS.values())
    assert (land(logs).landed, _marks(logs)) == (len(HOSTS), ([False] * len(HOSTS), len(HOSTS)))
    logs.settings.internal_networks = OFFICE
    assert (land(logs).landed, _marks(logs)[0]) == (own, list(HOSTS.values()))
    logs.settings.internal_networks = OFFICE[::-1] * 2
    assert not land(logs).changed
    logs.settings.internal_networks = []
    assert (land(logs).landed, _marks(logs)) == (own, ([False] * len(HOSTS), len(HOSTS) + 2 * own))
    assert not land(logs).changed


@pytest.mark.shared_data
def test_real_logs_are_marked_line_by_line_as_python_reads_them(shared_data: Path, tmp_path: Path) -> None:
    """I10: six logs of Apache and nginx, each landed request against the first word of its own line."""
    networks = ["66.249.64.0/19", "83.0.0.0/8", "2000::/3", "127.0.0.0/8"]
    ws = Workspace.create(tmp_path / "ws", {"sources": ["access_logs"], "internal_networks": networks})
    folder = ws.landing / "access_logs" / "requests"
    folder.mkdir(parents=True)
    files = {path.name: path for path in (shared_data / "web_access_logs").iterdir()}
    for name, path in files.items():
        (folder / name).symlink_to(path)
    land(ws)
    with duckdb.connect() as con:
        lake.attach(con, ws)
        marked = "select parse_filename(_file), _row, is_internal is true from landing_access_logs.requests"
        found = con.sql(marked).fetchall()
    lines = {name: _lines(path) for name, path in files.items()}
    assert [own for _, _, own in found] == [_is_in(lines[name][row - 1].split()[0], networks) for name, row, _ in found]
    assert 0 < sum(own for _, _, own in found) < len(found)


def _lines(path: Path) -> list[str]:
    data = path.read_bytes()
    return (gzip.decompress(data) if path.suffix == ".gz" else data).decode().split("\n")


def _is_in(host: str, networks: list[str]) -> bool:
    try:
        return any(ipaddress.ip_address(host) in ipaddress.ip_network(network) for network in networks)
    except ValueError:
        return False
