"""The home page: whether all is well, figures that lead to their rows, nothing for whoever may not see it."""

import csv
import html
import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from bot.models import Conversation, InboundEvent
from inspector_whatsapp import clock, figures, health, incidents
from inspector_whatsapp.console.home import charts, saying
from inspector_whatsapp.console.home.tiles import Chart, Series
from inspector_whatsapp.figures import days
from inspector_whatsapp.models import (
    AuditEntry,
    DayFigure,
    FigureDay,
    Heartbeat,
    OutboxMessage,
    PriceCategory,
    PriceCount,
    ShareCount,
    User,
)
from tests.admin.conftest import EVIL, World
from tests.factories import GroupFactory, InspectionFactory, LinkFactory, MessageFactory

pytestmark = pytest.mark.django_db
MOST_QUERIES = 28
WORDS = "<i x>\u202e\"'><script>alert()</script><img src=x onerror=alert()>\u200b"


@pytest.fixture(autouse=True)
def noon_by_the_clock() -> None:
    """No test goes past a midnight by itself."""
    tomorrow = days.Day(days.of(clock.now()) + days.ONE)
    clock.move(tomorrow.start + timedelta(hours=12) - clock.now())


@pytest.fixture
def alive() -> None:
    for name in ("worker", "beat"):
        health.beat(name)


def today() -> date:
    return days.of(clock.now())


def noon(*, back: int = 0) -> datetime:
    return days.Day(today() - days.ONE * back).start + timedelta(hours=11)


def message(at: datetime, **fields: Any) -> OutboxMessage:
    defaults = {"kind": "reply", "channel": "whatsapp", "lane": "x", "status": "read", "not_before": at}
    return OutboxMessage.objects.create(created_at=at, **defaults | fields)


def came(at: datetime) -> InboundEvent:
    return MessageFactory(said_at=at)


def home(client: Client) -> str:
    answer = client.get("/admin/")
    assert answer.status_code == 200
    return answer.content.decode()


def cards(page: str) -> dict[str, tuple[str, str, str, str]]:
    """Of each card today's figure with its address, and that of thirty days with its own."""
    found = {}
    for card in re.findall(r'<article class="card.*?</article>', page, re.DOTALL):
        title = re.search(r"<h2>(.*?)</h2>", card)
        parts = []
        for name in ("today", "lately"):
            line = re.search(rf'<p class="{name}">(?:<a href="(.*?)">)?(.*?)<', card)
            assert line is not None
            parts += [line[2], html.unescape(line[1] or "")]
        assert title is not None
        found[title[1]] = (parts[0], parts[1], parts[2], parts[3])
    return found


def listed(client: Client, address: str) -> int:
    """How many rows a list shows, of those that it found."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    assert "e=1" not in answer.headers.get("Location", "")
    return int(answer.context["cl"].result_count)


def give(user: User, *names: str) -> None:
    for name in names:
        app, _dot, codename = name.partition(".")
        user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))


# --- figures and the rows behind them ---------------------------------------------------------------------
@pytest.fixture
def life() -> None:
    """Something of everything, today and eight days ago."""
    for back, many in ((0, 2), (8, 3), (29, 1), (30, 40)):
        for _ in range(many):
            came(noon(back=back))
            message(noon(back=back), status="read")
        message(noon(back=back), status="delivered", channel="email")
        message(noon(back=back), status="failed", error_code=131026)
        message(noon(back=back), status="failed", error_code=131026, channel="webhook")
        message(noon(back=back), status="withheld", reason="they stopped offers")
        message(noon(back=back), status="pending", not_before=noon(back=-1))
        LinkFactory(made_at=noon(back=back))
        InspectionFactory(created_at=noon(back=back), state="no_show", reported_at=noon(back=back))
    figures.keep()


def test_each_figure_is_as_many_as_the_rows_that_it_leads_to(life: None, staff: Client) -> None:
    shown = cards(home(staff))
    assert set(shown) == {
        *("Received", "Sent", "Delivered", "Failed", "Reply time", "Links made", "Bookings", "No-shows")
    }
    for title, (now, today_at, lately, lately_at) in shown.items():
        assert today_at
        assert lately_at
        if title not in ("Delivered", "Reply time"):
            assert int(now) == listed(staff, today_at), title
            assert int(lately) == listed(staff, lately_at), title
    assert (shown["Received"][0], shown["Received"][2]) == ("2", "6")
    assert (shown["Sent"][0], shown["Sent"][2]) == ("3", "9")
    assert (shown["Failed"][0], shown["Failed"][2]) == ("1", "3")  # what Inspector did not take is no message
    assert (shown["Delivered"][0], shown["Delivered"][2]) == ("75 %", "75 %")
    assert listed(staff, shown["Delivered"][1]) == 3
    assert (shown["No-shows"][0], shown["No-shows"][2]) == ("1", "3")


def test_each_day_of_a_chart_leads_to_its_rows(life: None, staff: Client) -> None:
    page = home(staff)
    tables = re.findall(r'<table class="plain">\s*<thead>.*?</table>', page, re.DOTALL)
    assert len(tables) == 4
    checked = 0
    for table in tables:
        for row in re.findall(r'<tr><th scope="row">.*?</tr>', table):
            for address, said in re.findall(r'<td><a href="(.*?)">(.*?)</a></td>', row):
                if said.isdigit() and int(said):
                    assert int(said) == listed(staff, html.unescape(address)), (row, address)
                    checked += 1
    assert checked >= 20


def test_reasons_are_in_words_and_lead_to_their_messages(life: None, staff: Client) -> None:
    page = home(staff)
    panel = page.partition("Why messages did not arrive")[2].partition("</section>")[0]
    found = {
        re.sub("<.*?>", "", why): (int(many), html.unescape(address))
        for address, why, many in re.findall(r'<a href="(.*?)">(.*?)</a>.*?<b>(\d+)</b>', panel, re.DOTALL)
    }
    assert found.keys() == {
        "The message can&#x27;t be delivered: no WhatsApp, or a very old one. (131026)",
        "they stopped offers",
    }
    for many, address in found.values():
        assert many == 3
        assert "whatsapp" in address
    coded = next(address for why, (_many, address) in found.items() if "131026" in why)
    assert listed(staff, coded) == 3


def test_the_way_from_a_link_to_a_booking_is_shown(staff: Client) -> None:
    source, home_ = GroupFactory(), InspectionFactory(created_at=noon(back=300)).property
    for step, people in (("opened", 1200), ("asked", 300)):
        ShareCount.objects.create(
            property=home_, source=source, day=today() - days.ONE, step=step, people=people
        )
    figures.keep()
    panel = home(staff).partition("From a link to a booking")[2].partition("</section>")[0]
    assert re.findall(r"<b><a.*?>(.*?)</a></b>", panel) == ["1,200", "300", "0", "0"]
    assert "25 % of the step before" in panel


def test_the_month_is_held_against_its_budget(staff: Client, settings: Settings) -> None:
    settings.WHATSAPP_MONTHLY_BUDGET = 100
    PriceCategory.objects.create(category="utility", price=Decimal("0.5"), currency="USD")
    PriceCount.objects.create(day=today(), category="utility", billable=True, count=170)
    PriceCount.objects.create(day=today(), category="utility", billable=False, count=30)
    PriceCount.objects.create(day=today(), category="marketing", billable=True, count=5)
    panel = home(staff).partition("What Meta charges")[2].partition("</section>")[0]
    assert "85.00 USD" in panel
    assert "85 % of 100.00 USD" in panel
    assert 'class="warn" style="width:85.0%"' in panel
    words = re.sub(r"\s+", " ", re.sub("<.*?>", " ", panel))
    assert "utility 200 170 85.00 USD" in words
    assert "marketing 5 5 no price" in words
    assert "Some prices are not known" in words
    address = re.search(r'<a href="([^"]*category=utility[^"]*)"', panel)
    assert address is not None
    assert listed(staff, html.unescape(address[1])) == 2


def test_queues_are_as_they_are_at_this_moment(staff: Client) -> None:
    for minutes in (5, 50):
        message(noon(), status="pending", not_before=clock.now() - timedelta(minutes=minutes))
    message(noon(), status="held", not_before=clock.now() + timedelta(hours=9))
    message(noon(), status="sent")
    message(noon(), status="pending", channel="fax", not_before=clock.now())
    talk = came(noon()).conversation
    Conversation.objects.filter(pk=talk.pk).update(pending_since=clock.now() - timedelta(seconds=7))  # type: ignore[union-attr]
    page = home(staff).partition(">Queues<")[2].partition("</section>")[0]
    rows = {}
    for row in re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL):
        found = re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row, re.DOTALL)
        cells = [re.sub(r"\s+", " ", re.sub("<.*?>", "", cell)).strip() for cell in found]
        rows[cells[0]] = (cells[1:], re.search('href="(.*?)"', row))
    assert rows["To people by WhatsApp"][0][:3] == ["2", "50 min", "1"]
    assert rows["fax"][0][0] == "1"
    assert rows["Conversations to answer"][0][:2] == ["1", "7 s"]
    for name, many in (("To people by WhatsApp", 3), ("Conversations to answer", 1), ("Webhooks to read", 0)):
        address = rows[name][1]
        assert address is not None
        assert listed(staff, html.unescape(address[1])) == many


# --- is all well? -----------------------------------------------------------------------------------------
def troubles(page: str) -> dict[str, str]:
    """What is wrong, and where each leads."""
    strip = page.partition('role="alert"')[2].partition("</ul>")[0]
    return {said: html.unescape(address) for address, said in re.findall('<a href="(.*?)">(.*?)</a>', strip)}


def test_all_is_well(alive: None, staff: Client) -> None:
    page = home(staff)
    assert "All is well" in page
    assert 'role="alert"' not in page


def test_what_readyz_warns_of_is_said_too(alive: None, staff: Client) -> None:
    for name in ("beat@one:1", "beat@two:2"):
        health.beat(name)
    said = "beats: 2 beats run, one is enough: one:1, two:2"
    assert troubles(home(staff))[said] == "/admin/inspector_whatsapp/heartbeat/"


def test_what_is_wrong_leads_to_where_it_is_seen(staff: Client) -> None:
    Heartbeat.objects.all().delete()
    for key in "ab":
        incidents.report("trouble", key=key, sentence=f"Something with {EVIL}")
    incidents.report("trouble", key="c", sentence="over")
    incidents.close("trouble", key="c")
    page = home(staff)
    found = troubles(page)
    assert "All is well" not in page
    assert found["worker: silent for more than 30 s"] == "/admin/inspector_whatsapp/heartbeat/"
    assert listed(staff, found["2 open incidents"]) == 2
    assert "<script>alert" not in page
    assert "Something with &lt;i x&gt;[U+202E]" in page


def test_figures_that_are_not_counted_any_more_say_so(alive: None, staff: Client) -> None:
    assert "Nothing has been counted yet" in home(staff)
    figures.keep()
    page = home(staff)
    assert f"Figures as of {time_of_day(clock.now())}" in page
    assert "as-of stale" not in page
    FigureDay.objects.update(counted_at=clock.now() - timedelta(minutes=5))
    assert "as-of stale" in home(staff)


def time_of_day(moment: datetime) -> str:
    return moment.astimezone(days.Day(today()).start.tzinfo).strftime("%H:%M")


def test_a_fresh_installation_has_a_page_too(staff: Client) -> None:
    page = home(staff)
    assert {one[0] for one in cards(page).values()} == {"0", "–"}
    assert page.count("Nothing in these 30 days yet") == 4
    for empty in ("No shared link was opened", "Nothing was delivered", "All of them did"):
        assert empty in page


# --- who may see what -------------------------------------------------------------------------------------
def test_whoever_was_given_no_right_sees_no_figure(life: None, visitor: Client) -> None:
    page = home(visitor)
    assert cards(page) == {}
    assert "You have no rights here yet" in page
    assert "All is well" not in page
    assert 'role="alert"' not in page


def test_a_tile_is_for_those_who_may_see_what_it_is_about(life: None, helper: User, visitor: Client) -> None:
    give(helper, "inspector_whatsapp.view_inspection")
    page = home(visitor)
    assert set(cards(page)) == {"Bookings", "No-shows"}
    assert "Queues" not in page
    give(helper, "bot.view_inboundevent")
    page = home(visitor)
    assert "Received" in cards(page)
    assert ">What became of them<" not in page
    addresses = set(re.findall(r'href="(/admin/[^"]+)"', page.partition('class="home"')[2]))
    # One of each kind: every day of a chart has the same but for the day.
    of_a_kind = {re.sub(r"\d{4}-\d\d-\d\d", "a day", address): address for address in addresses}
    assert len(addresses) > 50 > len(of_a_kind) > 3
    for address in of_a_kind.values():
        assert visitor.get(html.unescape(address)).status_code == 200, address


def test_figures_are_a_download_for_those_who_may_export(
    life: None, helper: User, visitor: Client, staff: Client
) -> None:
    give(helper, "inspector_whatsapp.view_outboxmessage", "inspector_whatsapp.view_inspection")
    assert "figures.csv" not in home(visitor)
    assert visitor.get("/admin/figures.csv").status_code == 403
    assert Client().get("/admin/figures.csv").status_code == 302
    assert staff.post("/admin/figures.csv").status_code == 405
    give(helper, "inspector_whatsapp.export_lists")
    assert "figures.csv" in home(visitor)
    answer = visitor.get("/admin/figures.csv")
    assert answer["Content-Disposition"].startswith('attachment; filename="figures-')
    [entry] = AuditEntry.objects.filter(act="exported", page="figures", actor=helper)
    assert entry.address == "127.0.0.1"
    lines = list(csv.DictReader(StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert [line["day"] for line in lines] == [str(day) for day in days.until(today())]
    last = lines[-1]
    assert (last["received"], last["messages_read"], last["messages_failed"]) == ("2", "2", "2")
    assert (last["booked"], last["no_shows"], last["links_made"]) == ("1", "1", "1")
    assert last["reply_seconds_p50"] == ""


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"from": "yesterday"}, "A day is written"),
        ({"until": "=1+1"}, "A day is written"),
        ({"from": "2026-11-02", "until": "2026-11-01"}, "the first one first"),
        ({"from": "1990-01-01", "until": "2026-11-01"}, "the first one first"),
        ({"until": "0001-01-05"}, "A day is written"),
        ({"from": "0001-01-01", "until": "9999-12-31"}, "the first one first"),
    ],
)
def test_days_that_make_no_sense_are_refused_in_a_sentence(
    staff: Client, query: dict[str, str], says: str
) -> None:
    answer = staff.get("/admin/figures.csv", query)
    assert (answer.status_code, answer["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert says in answer.content.decode()
    assert not AuditEntry.objects.filter(act="exported").exists()


# --- what it costs ----------------------------------------------------------------------------------------
def test_the_page_asks_little_and_no_more_when_there_is_more(life: None, staff: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            home(staff)
        return len(asked)

    queries()
    few = queries()
    for back in range(20):
        message(noon(back=back), status="failed", reason=f"reason {'x' * back}")
        incidents.report("trouble", key=str(back), sentence="x")
    figures.keep()
    figures.recount(today() - days.ONE * 20, today())
    assert queries() <= few <= MOST_QUERIES


def test_nothing_is_counted_where_figures_are_kept(life: None, staff: Client) -> None:
    with CaptureQueriesContext(connection) as asked:
        home(staff)
    for table in ("outboxmessage", "inboundevent", "inspection", "link", "sharecount", "sharechat"):
        of_table = [one["sql"] for one in asked if f'FROM "inspector_whatsapp_{table}"' in one["sql"]]
        of_table += [one["sql"] for one in asked if f'FROM "bot_{table}"' in one["sql"]]
        # Only what waits is counted, which an index of its own holds.
        assert [sql for sql in of_table if "'pending'" not in sql] == [], table


def test_hostile_reasons_are_words(world: World, staff: Client) -> None:
    message(noon(), status="failed", reason=f"{WORDS * 6}".strip())
    figures.keep()
    page = home(staff)
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "\u202e" not in page
    assert "&lt;i x&gt;" in page
    kept_ = DayFigure.objects.get(name="failed", label__contains="<i x>")
    assert len(kept_.label) <= 120


def test_nothing_of_the_page_needs_a_script(life: None, staff: Client) -> None:
    own = home(staff).partition('class="home"')[2]
    own = own.partition('class="report"')[0]
    assert "<script" not in own
    assert not re.search(r"\son\w+=|javascript:|x-data|x-on", own)


# --- lists by day -----------------------------------------------------------------------------------------
def test_a_list_of_days_has_both_ends_whole(staff: Client) -> None:
    day = days.Day(today() - days.ONE * 3)
    for at in (
        day.start - timedelta(microseconds=1),
        day.start,
        day.end - timedelta(microseconds=1),
        day.end,
    ):
        message(at)
    place = "/admin/inspector_whatsapp/outboxmessage/"
    assert listed(staff, f"{place}?created_at_from={day.date}&created_at_to={day.date}") == 2
    assert listed(staff, f"{place}?created_at_from={day.date}") == 3
    assert listed(staff, f"{place}?created_at_to={day.date}") == 3


@pytest.mark.parametrize("nonsense", ["x", "", "2026-13-45", "0001-01-01", "9999-12-31", "<script>", "=1"])
def test_a_day_that_is_none_does_no_harm(staff: Client, nonsense: str) -> None:
    message(noon())
    for end in ("from", "to"):
        answer = staff.get("/admin/inspector_whatsapp/outboxmessage/", {f"created_at_{end}": nonsense})
        assert answer.status_code == 200
        assert "<script>=" not in answer.content.decode()


# --- charts and words -------------------------------------------------------------------------------------
def of(*values: float | None, form: Any = "lines", unit: str = "") -> dict[str, Any]:
    said = [str(value) for value in values]
    chart = Chart("T", form, [Series("a", "one", values, said, [""] * len(values))], unit=unit)
    return charts.drawn(chart, days.until(today(), days=len(values)))


def test_a_line_is_broken_where_a_day_has_nothing() -> None:
    (line,) = of(1.0, 2.0, None, 4.0, None, None)["lines"]
    assert len(line.pieces) == 1
    assert len(line.dots) == 1


def test_an_axis_ends_at_a_round_number_above_everything() -> None:
    assert [of(float(most), form="beside")["scale"][0] for most in (0, 1, 4, 7, 11, 250, 1_500, 999_999)] == [
        *("10", "4", "4", "8", "20", "300", "2k", "1M")
    ]


def test_a_bar_is_never_higher_than_the_chart_nor_too_low_to_see() -> None:
    columns = of(1.0, 5_000.0, 0.0, form="stacked")["columns"]
    heights = [height for column in columns for _tone, height in column.bars]
    assert heights[0] >= 0.5
    assert max(heights) <= 100
    assert heights[2] == 0


def test_figures_are_said_so_that_they_can_be_compared() -> None:
    assert (saying.share(0, 0), saying.share(999, 1000), saying.share(99_999, 100_000)) == (
        "–",
        "99.9 %",
        "99.9 %",
    )
    assert saying.share(1000, 1000) == "100 %"
    assert [saying.seconds(one) for one in (None, 0.04, 9.9, 9.96, 89, 91, 7_000)] == [
        *("–", "<0.1 s", "9.9 s", "10 s", "89 s", "2 min", "2 h")
    ]
    assert saying.age(timedelta(days=3, hours=2)) == "3 days"
    assert saying.age(timedelta()) == "just now"
