"""Dates and times are read as people say them, told from today; what is none is left alone."""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.assistant.reading import when
from bot.assistant.reading.text import Text

LAGOS = ZoneInfo("Africa/Lagos")
WEDNESDAY = datetime(2026, 11, 25, 10, tzinfo=LAGOS)


def expected(told: str) -> dict[str, str]:
    """ "27/11-29/11 @14:00-17:00 morning": days of 2026 unless a year is told, hours, a part of the day."""
    slots: dict[str, str] = {}
    for word in told.split():
        if word.startswith("@"):
            since, dash, until = word[1:].partition("-")
            slots |= {"time_from": since} if since else {}
            slots |= {"time_to": until if dash else since} if until or not dash else {}
        elif word.isalpha():
            slots["time_of_day"] = word
        else:
            since, dash, until = word.partition("-")
            slots |= {"date_from": _day(since)} if since else {}
            slots |= {"date_to": _day(until if dash else since)} if until or not dash else {}
    return slots


def _day(told: str) -> str:
    day, month, *year = map(int, told.split("/"))
    return date(2000 + year[0] if year else 2026, month, day).isoformat()


def said(words: str, now: datetime = WEDNESDAY) -> dict[str, str]:
    return when.together(when.read(Text(words), today=now.date(), now=now))


DAYS = [
    # near today
    ("today", "25/11"),
    ("today today", "25/11"),
    ("2day", "25/11"),
    ("tomorrow", "26/11"),
    ("tomoro", "26/11"),
    ("tmrw", "26/11"),
    ("2moro", "26/11"),
    ("tommorow", "26/11"),
    ("can I come tomorow?", "26/11"),
    ("next tomorrow", "27/11"),
    ("nxt tomorow", "27/11"),
    ("the day after tomorrow", "27/11"),
    ("yesterday", "24/11"),
    ("the day before yesterday", "23/11"),
    ("in 3 days", "28/11"),
    ("in three days time", "28/11"),
    ("in a week", "2/12"),
    ("in 2 weeks", "9/12"),
    ("in two weeks' time", "9/12"),
    ("two weeks from now", "9/12"),
    ("a week from today", "2/12"),
    ("2 weeks from Friday", "11/12"),
    ("3 days ago", "22/11"),
    ("a week ago", "18/11"),
    ("in a couple of days", "27/11"),
    ("in 1 month", "25/12"),
    ("within the next 3 days", "25/11-28/11"),
    # weekdays
    ("Friday", "27/11"),
    ("Wednesday", "2/12"),
    ("on Tues", "1/12"),
    ("wenesday", "2/12"),
    ("satuday", "28/11"),
    ("thurday", "26/11"),
    ("Sato", "28/11"),
    ("for Monde", "30/11"),
    ("this Friday", "27/11"),
    ("this coming Saturday", "28/11"),
    ("Sunday coming", "29/11"),
    ("next Friday", "4/12"),
    ("next Monday", "30/11"),
    ("nxt sat", "5/12"),
    ("Friday next week", "4/12"),
    ("next week Friday", "4/12"),
    ("next week on Tuesday", "1/12"),
    ("Thursday of next week", "3/12"),
    ("Friday this week", "27/11"),
    ("this week Sunday", "29/11"),
    ("upper week Friday", "11/12"),
    ("last Friday", "20/11"),
    ("last Wednesday", "18/11"),
    ("last week Thursday", "19/11"),
    ("Tuesday's viewing", "1/12"),
    # weeks and months
    ("this week", "25/11-29/11"),
    ("later this week", "25/11-29/11"),
    ("dis week", "25/11-29/11"),
    ("next week", "30/11-6/12"),
    ("nxt wk", "30/11-6/12"),
    ("any day next week", "30/11-6/12"),
    ("upper week", "7/12-13/12"),
    ("the week after next", "7/12-13/12"),
    ("next next week", "7/12-13/12"),
    ("last week", "16/11-22/11"),
    ("this weekend", "28/11-29/11"),
    ("the weekend", "28/11-29/11"),
    ("dis wkend", "28/11-29/11"),
    ("for the weekend", "28/11-29/11"),
    ("next weekend", "5/12-6/12"),
    ("this coming weekend", "28/11-29/11"),
    ("last weekend", "21/11-22/11"),
    ("this month", "25/11-30/11"),
    ("next month", "1/12-31/12"),
    ("last month", "1/10-31/10"),
    ("December", "1/12-31/12"),
    ("sometime in Decemeber", "1/12-31/12"),
    ("in November", "1/11-30/11"),
    ("in January", "1/1/27-31/1/27"),
    ("in may", "1/5/27-31/5/27"),
    ("by march", "-31/3/27"),
    ("March 2027", "1/3/27-31/3/27"),
    ("in March 2028", "1/3/28-31/3/28"),
    ("January next year", "1/1/27-31/1/27"),
    ("first week of December", "1/12-7/12"),
    ("1st week in January", "1/1/27-7/1/27"),
    ("second week of December", "8/12-14/12"),
    ("last week of December", "25/12-31/12"),
    ("first week of next month", "1/12-7/12"),
    ("December 1st week", "1/12-7/12"),
    ("first weekend of December", "5/12-6/12"),
    ("last weekend of December", "26/12-27/12"),
    ("end of the month", "30/11"),
    ("month end", "30/11"),
    ("end of next month", "31/12"),
    ("end of February", "28/2/27"),
    ("by month end", "-30/11"),
    # dates
    ("28 November", "28/11"),
    ("28th of November", "28/11"),
    ("the 28th of Nov.", "28/11"),
    ("Nov 28", "28/11"),
    ("November 28th, 2026", "28/11"),
    ("28nov", "28/11"),
    ("5th January", "5/1/27"),
    ("24 November", "24/11/27"),
    ("25 November", "25/11"),
    ("10 Dec 2027", "10/12/27"),
    ("28/11", "28/11"),
    ("28/11/2026", "28/11"),
    ("3/12/26", "3/12"),
    ("3-12-2026", "3/12"),
    ("03.12.2026", "3/12"),
    ("2026-12-03", "3/12"),
    ("the 28th", "28/11"),
    ("on the 3rd", "3/12"),
    ("on the 24th", "24/12"),
    ("the 5th of next month", "5/12"),
    ("twenty eighth of november", "28/11"),
    ("december the third", "3/12"),
    ("first of december", "1/12"),
    ("Saturday 28 November", "28/11"),
    ("Saturday the 28th", "28/11"),
    ("Sat 28", "28/11"),
    ("28th November (Saturday)", "28/11"),
    ("29 February", "29/2/28"),
    ("Christmas day", "25/12"),
    # from one day to another, one or another
    ("10th to 14th December", "10/12-14/12"),
    ("from 10th to 14th of December", "10/12-14/12"),
    ("from the 18th to the 23rd of December", "18/12-23/12"),
    ("10-14 December", "10/12-14/12"),
    ("December 10 to 14", "10/12-14/12"),
    ("between 10th and 14th December", "10/12-14/12"),
    ("10 or 11 December", "10/12-11/12"),
    ("Nov 28 - Dec 2", "28/11-2/12"),
    ("28 Nov to 2 Dec", "28/11-2/12"),
    ("28 December to 3 January", "28/12-3/1/27"),
    ("2nd till 9th January", "2/1/27-9/1/27"),
    ("from 27th to 3rd", "27/11-3/12"),
    ("Mon-Wed", "30/11-2/12"),
    ("Monday to Wednesday", "30/11-2/12"),
    ("between Monday and Wednesday", "30/11-2/12"),
    ("Tuesday to Thursday next week", "1/12-3/12"),
    ("Friday to Monday", "27/11-30/11"),
    ("from tomorrow to Friday", "26/11-27/11"),
    ("today or tomorrow", "25/11-26/11"),
    ("Sat or Sun", "28/11-29/11"),
    ("next Friday or Saturday", "4/12-5/12"),
    ("Saturday/Sunday", "28/11-29/11"),
    ("Saturday and Sunday", "28/11-29/11"),
    ("between now and Friday", "25/11-27/11"),
    ("this week or next week", "25/11-6/12"),
    # bounds
    ("before Friday", "-26/11"),
    ("b4 Friday", "-26/11"),
    ("before next week", "-29/11"),
    ("before December", "-30/11"),
    ("before 10/12", "-9/12"),
    ("by Friday", "-27/11"),
    ("by next week", "-6/12"),
    ("until Sunday", "-29/11"),
    ("not later than 5th December", "-5/12"),
    ("after Friday", "28/11-"),
    ("after next week", "7/12-"),
    ("after the 28th", "29/11-"),
    ("from Monday", "30/11-"),
    ("from next week", "30/11-"),
    ("from 10 December", "10/12-"),
    ("starting from January", "1/1/27-"),
    ("Monday onwards", "30/11-"),
    ("after Monday but before Friday next week", "1/12-3/12"),
    # what is put right
    ("not Friday but Saturday", "28/11"),
    ("Friday is no good, Saturday", "28/11"),
    ("Friday... no, make it Saturday", "28/11"),
]

TIMES = [
    ("by 4pm", "@16:00"),
    ("at 4 pm", "@16:00"),
    ("4p.m.", "@16:00"),
    ("around 10am", "@10:00"),
    ("10.30am", "@10:30"),
    ("2:30", "@14:30"),
    ("16:00", "@16:00"),
    ("1600hrs", "@16:00"),
    ("09:15", "@09:15"),
    ("half past 2", "@14:30"),
    ("quarter to 3", "@14:45"),
    ("quarter past nine", "@09:15"),
    ("2 o'clock", "@14:00"),
    ("two pm", "@14:00"),
    ("two thirty pm", "@14:30"),
    ("noon", "@12:00"),
    ("12 noon", "@12:00"),
    ("by 12", "@12:00"),
    ("at 7", "@07:00"),
    ("by 11", "@11:00"),
    ("come by 6", "@18:00"),
    ("by 1", "@13:00"),
    ("8 in the morning", "@08:00"),
    ("8 in the evening", "@20:00"),
    ("2 in the afternoon", "@14:00"),
    ("after 4pm", "@16:00-"),
    ("before 10 o'clock", "@-10:00"),
    ("before noon", "@-12:00"),
    ("from 2pm", "@14:00-"),
    ("until 5pm", "@-17:00"),
    ("2pm upwards", "@14:00-"),
    ("between 2 and 5pm", "@14:00-17:00"),
    ("from 10am to 2pm", "@10:00-14:00"),
    ("2-5pm", "@14:00-17:00"),
    ("11-1pm", "@11:00-13:00"),
    ("9am-5pm", "@09:00-17:00"),
    ("10 or 11am", "@10:00-11:00"),
    ("morning", "morning"),
    ("in the afternoon", "afternoon"),
    ("for evening", "evening"),
    ("early morning", "morning"),
    ("after work", "evening"),
    ("tonight", "25/11 evening"),
    ("this evening", "25/11 evening"),
    ("dis morning", "25/11 morning"),
    ("last night", "24/11 evening"),
    ("in 2 hours", "25/11 @12:00"),
    ("in half an hour", "25/11 @10:30"),
]

TOGETHER = [
    ("Friday by 3", "27/11 @15:00"),
    ("next tomorrow in the afternoon", "27/11 afternoon"),
    ("next tomorrow by 11am", "27/11 @11:00"),
    ("tomorrow morning", "26/11 morning"),
    ("tomorrow morning by 9", "26/11 @09:00"),
    ("tomorrow evening by 7", "26/11 @19:00"),
    ("tonight at 8", "25/11 @20:00"),
    ("between 2 and 5 on Monday", "30/11 @14:00-17:00"),
    ("Monday between 2 and 5", "30/11 @14:00-17:00"),
    ("tomorrow 10-2", "26/11 @10:00-14:00"),
    ("Saturday 10", "28/11 @10:00"),
    ("after 4 on Friday", "27/11 @16:00-"),
    ("Friday after 4", "27/11 @16:00-"),
    ("28/11 2pm", "28/11 @14:00"),
    ("Dec 3 2pm", "3/12 @14:00"),
    ("2pm 3rd December", "3/12 @14:00"),
    ("twenty eighth of november at two pm", "28/11 @14:00"),
    ("10th December 1pm", "10/12 @13:00"),
    ("this weekend, morning", "28/11-29/11 morning"),
    ("Sat or Sun afternoon", "28/11-29/11 afternoon"),
    ("tomorrow night", "26/11 evening"),
    ("for sato evening", "28/11 evening"),
    ("on Thurs am", "26/11 morning"),
    ("28th 2pm", "28/11 @14:00"),
    ("next week between Tuesday and Thursday", "1/12-3/12"),
    ("I can only come at 9 or 10", "@09:00-10:00"),
    ("today 8am", "25/11 @08:00"),
    ("the 11am one", "@11:00"),
    ("the Friday one", "27/11"),
    ("the findings from yesterday's inspection", "24/11"),
    ("next week, from Tuesday", "1/12-6/12"),
    ("Monday, Tuesday or Wednesday next week", "30/11-2/12"),
    ("what can I see next week after 5pm", "30/11-6/12 @17:00-"),
    ("good evening, can I view it Friday morning", "27/11 morning"),
]

NONE = [
    "",
    "3 bed flat in Lekki Phase 1",
    "2 bedroom Wuse 2 under 1.5m",
    "budget 500k",
    "between 2 and 5 million",
    "my budget is between 2 and 5",
    "reduce the price by 3",
    "not more than 3.5",
    "by 3 bedrooms",
    "for 3 nights",
    "a shortlet for 2 weeks",
    "24/7 light",
    "24 hours light",
    "steady power 24 / 7",
    "Mile 12",
    "Lekki Phase 1 and 2",
    "4 by 4",
    "room of 10 by 12",
    "3/4 bedroom",
    "2-3 bedrooms",
    "31 February",
    "31st of feb",
    "30/2",
    "31/11/2026",
    "32 December",
    "45/13",
    "2026-13-45",
    "25:00",
    "25pm",
    "good morning",
    "good evening sir, any self con",
    "Morning sir",
    "Morning, I need a flat",
    "may I see it",
    "I may buy 2 plots",
    "at 3 Adeola street",
    "at 12, Allen Avenue",
    "number 5 Bode Thomas",
    "the second one",
    "3rd floor",
    "1st avenue Festac",
    "maybe 2",
    "mayor road",
    "remember me",
    "do they match 10 others",
    "per night",
    "per month",
    "monthly rent 50k",
    "the morning sun",
    "we sat down",
    "month by month",
    "happy new year",
    "how many can I see in a day",
    "for a year",
    "1,200,000",
    "5:99",
    "is it available now",
    "\x10\x11\x12 hello",
]


@pytest.mark.parametrize(("words", "told"), DAYS + TIMES + TOGETHER)
def test_days_and_hours_are_read_as_people_say_them(words: str, told: str) -> None:
    assert said(words) == expected(told)


@pytest.mark.parametrize("words", NONE)
def test_what_names_no_time_is_left_alone(words: str) -> None:
    text = Text(words)
    before = text.words
    assert when.read(text, today=WEDNESDAY.date(), now=WEDNESDAY) == ()
    assert text.words == before


OTHER_TODAYS = [
    # today, words, told
    (date(2026, 11, 27), "Friday", "4/12"),
    (date(2026, 11, 27), "next Friday", "4/12"),
    (date(2026, 11, 27), "last Friday", "20/11"),
    (date(2026, 11, 27), "next Monday", "30/11"),
    (date(2026, 11, 27), "this week", "27/11-29/11"),
    (date(2026, 11, 28), "this weekend", "28/11-29/11"),
    (date(2026, 11, 29), "this weekend", "28/11-29/11"),
    (date(2026, 11, 29), "next weekend", "5/12-6/12"),
    (date(2026, 11, 29), "next week", "30/11-6/12"),
    (date(2026, 11, 29), "this week", "29/11"),
    (date(2026, 11, 29), "Sunday", "6/12"),
    (date(2026, 11, 29), "next Sunday", "6/12"),
    (date(2026, 11, 30), "next Sunday", "13/12"),
    (date(2026, 11, 30), "last week", "23/11-29/11"),
    (date(2026, 11, 30), "Tuesday to Thursday next week", "8/12-10/12"),
    (date(2026, 11, 30), "this month", "30/11"),
    (date(2026, 11, 30), "tomorrow", "1/12"),
    (date(2026, 12, 30), "next week", "4/1/27-10/1/27"),
    (date(2026, 12, 31), "tomorrow", "1/1/27"),
    (date(2026, 12, 31), "next tomorrow", "2/1/27"),
    (date(2026, 12, 31), "next month", "1/1/27-31/1/27"),
    (date(2026, 12, 31), "the 31st", "31/12"),
    (date(2026, 12, 31), "on the 1st", "1/1/27"),
    (date(2026, 12, 31), "30/12", "30/12/27"),
    (date(2026, 12, 31), "end of the month", "31/12"),
    (date(2027, 1, 1), "last month", "1/12-31/12"),
    (date(2027, 1, 1), "yesterday", "31/12"),
    (date(2027, 1, 31), "the 30th", "30/3/27"),
    (date(2027, 1, 31), "in 1 month", "28/2/27"),
    (date(2027, 1, 31), "next month", "1/2/27-28/2/27"),
    (date(2028, 2, 27), "next tomorrow", "29/2/28"),
    (date(2028, 2, 1), "end of the month", "29/2/28"),
    (date(2028, 2, 1), "29 February", "29/2/28"),
    (date(2028, 3, 1), "29/2", "29/2/32"),
    (date(2027, 2, 1), "29/2/2027", ""),
    (date(2027, 2, 1), "in February", "1/2/27-28/2/27"),
    (date(2026, 6, 3), "December 28 to January 3", "28/12-3/1/27"),
    (date(2026, 12, 29), "28 December to 3 January", "28/12/27-3/1/28"),
]


@pytest.mark.parametrize(("today", "words", "told"), OTHER_TODAYS)
def test_the_same_words_are_told_from_another_today(today: date, words: str, told: str) -> None:
    now = datetime(today.year, today.month, today.day, 10, tzinfo=LAGOS)
    assert said(words, now) == expected(told)


@pytest.mark.parametrize(
    "words", ["next year", "in 999 months", "in 999 weeks", "31/12", "29 february", "friday"]
)
def test_the_end_of_the_calendar_is_no_error(words: str) -> None:
    said(words, datetime(9999, 12, 30, 10, tzinfo=LAGOS))
    said("in 999 weeks ago, 999 months ago", datetime(1, 1, 1, 10, tzinfo=LAGOS))


MOVES = [
    # words, the old one, the new one
    ("move my Friday viewing to Monday 2pm", "27/11", "30/11 @14:00"),
    ("shift IN-6006 to 10th December 1pm", "", "10/12 @13:00"),
    ("can we make it 4pm instead", "", "@16:00"),
    ("I no fit come Friday again, make e be Sunday", "27/11", "29/11"),
    ("postpone it to next week", "", "30/11-6/12"),
    ("postpone my viewing till next tomorrow", "", "27/11"),
    ("postpone it by two days", "", ""),
    ("push my Friday inspection by two days", "27/11", "29/11"),
    ("my 2pm visit, an hour later please", "@14:00", "@15:00"),
    ("move it to Saturday same time", "", "28/11"),
    ("reschedule from Friday to Monday 2pm", "27/11", "30/11 @14:00"),
    ("change my 10am to 2pm", "@10:00", "@14:00"),
    ("move it from 2pm to 10am", "@14:00", "@10:00"),
    ("I can't make tomorrow's viewing, can we do Thursday next week", "26/11", "3/12"),
    ("reschedule my viewing on Friday", "27/11", ""),
    ("reschedule IN-6006 Friday 2pm", "", "27/11 @14:00"),
    ("can I come on Tuesday by 11 instead of Monday", "30/11", "1/12 @11:00"),
    ("my saturday inspection, shift am go sunday morning", "28/11", "29/11 morning"),
    ("reschedule the visit for the Yaba flat on Monday to Wednesday", "30/11", "2/12"),
    ("move my inspection tomorrow to 4pm", "26/11", "@16:00"),
    ("Friday no go work. Saturday 10am?", "27/11", "28/11 @10:00"),
    ("I won't be around on the 28th, make it 30th by 10am", "28/11", "30/11 @10:00"),
    ("move next week viewing to upper week", "30/11-6/12", "7/12-13/12"),
    ("push it to between 2 and 5pm on Monday", "", "30/11 @14:00-17:00"),
    ("move my Thursday 3pm to Friday 4pm", "26/11 @15:00", "27/11 @16:00"),
    ("shift the viewing from 10am tomorrow to 1pm", "26/11 @10:00", "@13:00"),
    ("IN-6006 Monday is better for me", "", "30/11"),
    ("my visit tomorrow at ten I want to change it to two in the afternoon", "26/11 @10:00", "@14:00"),
    ("bring my Monday viewing forward to Saturday", "30/11", "28/11"),
    ("reschedule my inspection", "", ""),
    ("I no go fit make am tomorrow, shift am to Saturday", "26/11", "28/11"),
    ("I can't do Saturday, is Sunday possible instead?", "28/11", "29/11"),
    ("I'd rather come at 3pm than 11am", "@11:00", "@15:00"),
    ("not Friday, Thursday", "27/11", "26/11"),
    ("I can't do 9am, move it to 12", "@09:00", "@12:00"),
    (
        "I am to see it tomorrow by ten but please move it to next week, any day from Tuesday",
        "26/11 @10:00",
        "1/12-6/12",
    ),
]


@pytest.mark.parametrize(("words", "old", "new"), MOVES)
def test_a_move_has_an_old_and_a_new_time(words: str, old: str, new: str) -> None:
    text = Text(words)
    moments = when.read(text, today=WEDNESDAY.date(), now=WEDNESDAY)
    before, after = when.move(text.words, moments)
    assert before == expected(old)
    assert after == {f"new_{name}": value for name, value in expected(new).items()}
    assert when.move(text.said.casefold(), moments) == (before, after)


@pytest.mark.parametrize(
    ("words", "asked", "told"),
    [
        ("3", "time", "@15:00"),
        ("by 11 please", "time", "@11:00"),
        ("twelve", "time", "@12:00"),
        ("28", "date", "28/11"),
        ("the 3", "date", "3/12"),
        ("99", "time", ""),
        ("0", "time", ""),
        ("32", "date", ""),
        ("3 bedrooms", "time", ""),
        ("3", "", ""),
        ("Friday by 3", "date", "27/11 @15:00"),
    ],
)
def test_a_number_alone_answers_a_question_for_a_day_or_a_time(words: str, asked: str, told: str) -> None:
    moments = when.read(Text(words), today=WEDNESDAY.date(), now=WEDNESDAY, asked=asked)
    assert when.together(moments) == expected(told)


def test_what_was_read_is_taken_out_and_the_rest_stays() -> None:
    text = Text("book PR-1042 on Friday at 3pm or any flat in the afternoon")
    first, second = when.read(text, today=WEDNESDAY.date(), now=WEDNESDAY)
    assert text.skeleton == "book pr-1042 on <date> or any flat <time>"
    assert text.said[first.start : first.end] == "Friday at 3pm"
    assert first.slots == expected("27/11 @15:00")
    assert second.slots == expected("afternoon")


def test_moments_stand_where_they_were_said_however_they_were_spelt() -> None:
    text = Text("abeg 2moro abi twenty eighth of november?")
    moments = when.read(text, today=WEDNESDAY.date(), now=WEDNESDAY)
    assert [text.said[each.start : each.end] for each in moments] == ["2moro", "twenty eighth of november"]


def test_words_that_another_reader_took_join_nothing() -> None:
    text = Text("friday pr-1042 by 3")
    text.take(7, 14, "ref")
    moments = when.read(text, today=WEDNESDAY.date(), now=WEDNESDAY)
    assert [each.slots for each in moments] == [expected("27/11"), expected("@15:00")]
    assert re.fullmatch(r"<date> <ref> <time>", text.skeleton)


@pytest.mark.parametrize(
    "words",
    [
        "1/" * 500,
        "friday " * 150,
        "between 2 and " * 70,
        "10 to " * 160,
        "the first week of " * 55,
        "a" * 1000,
    ],
)
def test_a_long_text_of_nothing_but_days_is_read_as_well(words: str) -> None:
    said(words)
