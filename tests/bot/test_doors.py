"""Both doors keep one contract: what is let in, what is kept, and what Meta reads. Over real HTTP."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from pytest_django import DjangoDbBlocker

from bot.webhook import DOOR, LARGEST
from inspector_whatsapp.cloud_api.signature import sign
from tests.at_once import environment
from tests.bot.doors import COMMANDS, SECRET, Door, a_copy, described, fresh, opened, raw, shut

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("doors")]  # one worker starts them

REFUSED_BY_POSTGRESQL = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'no such body'; END
$$;
CREATE TRIGGER refuse BEFORE INSERT ON bot_webhookbody FOR EACH ROW
WHEN (position('\\x0badc0de'::bytea IN NEW.body) > 0) EXECUTE FUNCTION refuse();
"""
BAD = b"\x0b\xad\xc0\xde"


@pytest.fixture(scope="module", params=COMMANDS)
def door(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Door]:
    with django_db_blocker.unblock():
        connection.close()
    with a_copy(environment()["DATABASE_URL"]) as database:
        with psycopg.connect(database) as copy:
            copy.execute(REFUSED_BY_POSTGRESQL)
        with opened(request.param, database, tmp_path_factory.mktemp("logs")) as found:
            yield found


def read_status(received: bytes) -> int:
    return int(received.split(b" ", 2)[1])


def test_the_handshake_gives_the_challenge_back_to_who_knows_the_token(door: Door) -> None:
    token = quote(settings.WHATSAPP_VERIFY_TOKEN)
    asked = f"{DOOR}?hub.mode=subscribe&hub.verify_token={token}&hub.challenge=%3Cb%3E1158"
    status, said, headers = door.ask("GET", asked)
    assert (status, said) == (200, b"<b>1158")
    assert headers["content-type"].startswith("text/plain")
    assert headers["x-content-type-options"] == "nosniff"
    assert door.ask("GET", asked.replace(token, "wrong"))[:2] == (403, b"")
    assert door.ask("GET", asked.replace(token, "%C3%A9%00"))[:2] == (403, b"")


@pytest.mark.parametrize(
    "body",
    [
        fresh(),
        b"",
        fresh() + b"\x00\x00",
        fresh() + b"\xff\xfe\xc3\x28",
        fresh() + b"'; DROP TABLE bot_webhookbody; -- %s %%",
        fresh() + "é🏠".encode(),
        b"no JSON " + fresh(),
        fresh(size=100_000),
    ],
    ids=["plain", "empty", "NUL", "no UTF-8", "SQL", "UTF-8", "no JSON", "large"],
)
def test_a_signed_body_is_kept_as_it_came(door: Door, body: bytes) -> None:
    status, said, headers = door.ask("POST", DOOR, body, described(body))
    assert (status, said) == (200, b"")
    assert headers["content-length"] == "0"
    assert headers["content-type"].startswith("text/plain")
    assert headers["x-content-type-options"] == "nosniff"
    assert door.kept(body) == 1


def test_what_is_not_signed_by_meta_is_refused_without_a_word_and_not_kept(door: Door) -> None:
    body = fresh()
    signed = sign(body, SECRET)
    forged = [
        *(sign(body + b" ", SECRET), sign(body, "other"), signed.upper(), "sha256=" + signed[7:].upper()),
        *(signed.replace("sha256", "sha1"), signed[:-1], f"{signed},{signed}", signed[:-1] + "é", ""),
    ]
    assert [door.ask("POST", DOOR, body, described(body, each))[:2] for each in forged] == [(401, b"")] * 9
    assert door.ask("POST", DOOR, body, described(body)[:2])[:2] == (401, b"")
    doubled = [*described(body), ("X-Hub-Signature-256", signed)]
    assert door.ask("POST", DOOR, body, doubled)[0] == 401
    assert door.kept(body) == 0


def test_whoever_forges_is_counted(door: Door) -> None:
    assert [door.post(fresh(), "sha256=" + "0" * 64) for _ in range(6)] == [401] * 6
    with psycopg.connect(door.database) as database:
        found = database.execute(
            "SELECT count(*) FROM inspector_whatsapp_incident WHERE kind = 'signatures_refused'"
        ).fetchone()
    assert found == (1,)


def test_metas_largest_body_comes_in_whole_and_a_larger_one_is_refused_unread(door: Door) -> None:
    largest = fresh(size=LARGEST)
    assert door.post(largest) == 200
    assert door.kept(largest) == 1
    # The rest is never sent: whoever waited for it would not answer.
    with door.say(raw(fresh(), length=LARGEST + 1)) as connection:
        assert read_status(connection.recv(4096)) == 413
    with door.say(raw(fresh(), length=10**15)) as connection:
        assert read_status(connection.recv(4096)) == 413


def test_a_packed_body_is_refused(door: Door) -> None:
    body = fresh()
    assert door.ask("POST", DOOR, body, [*described(body), ("Content-Encoding", "gzip")])[0] == 415
    assert door.ask("POST", DOOR, body, [*described(body), ("Content-Encoding", "identity")])[0] == 200


def test_a_body_of_unknown_length_is_refused(door: Door) -> None:
    body = fresh()
    signed = ("X-Hub-Signature-256", sign(body, SECRET))
    chunks = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    assert door.ask("POST", DOOR, chunks, [signed, ("Transfer-Encoding", "chunked")])[0] == 411
    for length in ("-1", "many", "1.5"):  # the server itself may refuse these, before the service
        assert door.ask("POST", DOOR, b"", [signed, ("Content-Length", length)])[0] in (400, 411)
    assert door.kept(body) == 0


def test_what_the_client_accepts_does_not_matter(door: Door) -> None:
    for accepted in ("*/*", "text/plain", "image/png", "nonsense"):
        body = fresh()
        assert door.ask("POST", DOOR, body, [*described(body), ("Accept", accepted)])[0] == 200


def test_other_methods_and_other_addresses_are_the_ordinary_ones(door: Door) -> None:
    body = fresh()
    for method in ("PUT", "PATCH", "DELETE"):
        assert door.ask(method, DOOR, body, described(body))[0] == 405
    assert door.ask("POST", DOOR + "/", body, described(body))[0] == 404
    assert door.ask("POST", DOOR + "?a=b", body, described(body))[0] == 200
    assert door.ask("GET", "/livez")[0] == 200
    assert door.ask("GET", "/admin/login/")[0] == 200
    status, said, _headers = door.ask("GET", "/api/v1/nowhere")
    assert (status, said[:1]) == (404, b"{")


def test_the_same_bytes_again_are_one_row_also_at_the_same_moment(door: Door) -> None:
    body = fresh()
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(door.post, [body] * 24)) == {200}
    assert door.post(body) == 200
    assert door.kept(body) == 1


def test_of_many_at_once_each_gets_the_answer_of_its_own_body(door: Door) -> None:
    """One that PostgreSQL refuses spoils none of those that came with it."""
    bodies = [fresh() + (BAD if number % 20 == 7 else b"") for number in range(60)]
    forged = {body for number, body in enumerate(bodies) if number % 20 == 3}

    def post(body: bytes) -> int:
        return door.post(body, sign(body, "other") if body in forged else None)

    with ThreadPoolExecutor(20) as pool:
        said = list(pool.map(post, bodies))
    assert Counter(said) == {200: 54, 401: 3, 503: 3}
    right = [body for body, status in zip(bodies, said, strict=True) if status == 200]
    assert door.kept(*right) == 54
    assert door.kept(*bodies) == 54
    assert {status for body, status in zip(bodies, said, strict=True) if body.endswith(BAD)} == {503}


def test_a_connection_is_kept_for_the_next_posts(door: Door) -> None:
    bodies = [fresh() for _ in range(3)]
    with door.say(raw(bodies[0])) as connection:
        for following in [*bodies[1:], None]:
            assert read_status(connection.recv(4096)) == 200
            if following:
                connection.sendall(raw(following))
    assert door.kept(*bodies) == 3


def test_what_one_sender_posts_is_kept_in_its_order(door: Door) -> None:
    bodies = [fresh() for _ in range(10)]
    assert {door.post(body) for body in bodies} == {200}
    with psycopg.connect(door.database) as database:
        rows = database.execute("SELECT body FROM bot_webhookbody ORDER BY id DESC LIMIT 10").fetchall()
    assert [bytes(row[0]) for row in reversed(rows)] == bodies


def test_a_client_that_goes_away_in_the_middle_leaves_nothing_and_disturbs_nobody(door: Door) -> None:
    half, whole = fresh(size=2_000), fresh()
    for _ in range(3):
        door.say(raw(half)[:-1_000]).close()
    assert door.post(whole) == 200
    assert door.kept(half, whole) == 1


def test_what_was_posted_by_somebody_who_did_not_wait_for_the_answer_is_kept_once(door: Door) -> None:
    body = fresh()
    for _ in range(3):
        door.say(raw(body)).close()
    assert door.post(body) == 200
    assert door.kept(body) == 1


def test_without_a_database_meta_is_asked_to_come_again_and_its_next_try_is_kept(door: Door) -> None:
    bodies = [fresh() for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        with shut(door.database):
            assert set(pool.map(door.post, bodies)) == {503}
            assert door.ask("GET", "/livez")[0] == 200
        assert set(pool.map(door.post, bodies)) == {200}
    assert door.kept(*bodies) == 8
