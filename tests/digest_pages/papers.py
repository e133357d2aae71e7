"""Invented papers, and the data that the digest has for them."""

from dataclasses import dataclass
from typing import Any

JSON = dict[str, Any]
DAY = "2026-03-09"
THUMBNAILS = "https://cdn-thumbnails.huggingface.co/social-thumbnails/papers"


@dataclass(frozen=True)
class Paper:
    title: str
    authors: list[str]
    organisation: tuple[str, str] | None  # name, full name
    upvotes: int
    comments: int
    abstract: str


PAPERS = [
    Paper(
        title="Lantern Decoding: Reading Long Documents by Their Own Light",
        authors=["Ida Vestergaard", "Tomasz Wrona", "Mei Okafor"],
        organisation=("harbour-lab", "Harbour Lab"),
        upvotes=64,
        comments=2,
        abstract=(
            "Long documents are read word by word even where most words add nothing new. We let the "
            "decoder choose which lines to light, and read only those. On three libraries of letters,"
            " lantern decoding keeps 98.2% of the answers at a fifth of the cost $O(n \\log n)$."
        ),
    ),
    Paper(
        title="Do Tide Tables Transfer? Forecasting with Borrowed Seas",
        authors=["Noor Haddad", "Petra Lind", "Samuel Oyelaran", "Yuki Brandt"],
        organisation=None,
        upvotes=49,
        comments=0,
        abstract=(
            "A model that learnt the tides of one harbour is asked for those of another. It does well"
            " where the coast bends alike, and we predict when it will not."
        ),
    ),
    Paper(
        title="Small Hands: Grasping Soft Fruit with Two Fingers and a Prior",
        authors=["Lucía Ferrer", "Anselm Roth"],
        organisation=("orchard-robotics", "Orchard Robotics"),
        upvotes=41,
        comments=5,
        abstract=(
            "Soft fruit bruises before a gripper feels it. We learn a prior of ripeness from video, "
            "and close two fingers by what is seen, not by what is felt."
        ),
    ),
    Paper(
        title="The Patient Index: Search that Waits for Its Words",
        authors=["Greta Holm"],
        organisation=None,
        upvotes=0,
        comments=0,
        abstract=(
            "An index that is always current is always busy. We show that waiting a fraction of a "
            "second, and showing it, costs readers nothing they notice."
        ),
    ),
    Paper(
        title="Paper Cranes: Folding Proofs into Shorter Proofs",
        authors=["Aiko Mori", "Benedikt Wolf", "Chinwe Eze", "Dalia Amsel", "Erik Sund"],
        organisation=None,
        upvotes=37,
        comments=11,
        abstract=(
            "Proofs found by machine are long. Folding replaces what was proved twice by one lemma, "
            "and the lemma by its name; half of the length goes."
        ),
    ),
    Paper(
        title="Whose Words? Telling Quotation from Echo in Summaries",
        authors=["Farah Nasser", "Gil Katz"],
        organisation=("reading-room", "reading-room"),
        upvotes=33,
        comments=1,
        abstract=(
            "Summaries repeat their sources. We separate quotation, which is owed to the source, from"
            " echo, which is owed to habit, with a test of two lines."
        ),
    ),
    Paper(
        title="Slow Weather, Fast Maps: Rendering Clouds at Walking Speed",
        authors=["Hanna Bergqvist", "Ivo Marin", "Jun Park"],
        organisation=None,
        upvotes=28,
        comments=3,
        abstract=(
            "Clouds move slowly and renderers quickly. We spend the difference on light that scatters"
            " twice, and draw a sky at 24 frames on a telephone."
        ),
    ),
    Paper(
        title="A Grammar of Gestures for Kitchens",
        authors=["Kofi Mensah", "Lena Dahl", "Marta Rossi"],
        organisation=None,
        upvotes=12,
        comments=0,
        abstract=(
            "Cooks point, and robots look at the finger. We write down the eleven gestures that "
            "kitchens share, and teach them with forty recorded breakfasts."
        ),
    ),
    Paper(
        title="Counting Birds with Nothing but Microphones",
        authors=["Nils Aasen", "Olu Adeyemi"],
        organisation=("open-meadow", "Open Meadow"),
        upvotes=9,
        comments=0,
        abstract=(
            "Birds that sing together are counted as one. Two microphones and a little geometry count"
            " them apart, in wind, at dawn, on a coin cell."
        ),
    ),
]


def paper_id(number: int) -> str:
    """Return the arXiv id of an invented paper, far above the ids in use that month."""
    return f"2603.9{number:04d}"


def item(number: int) -> JSON:
    """Return an entry of `dailyPapers`, as in 2026."""
    invented = PAPERS[number % len(PAPERS)]
    paper = _paper(number, invented)
    entry = {
        "paper": paper,
        "publishedAt": "2026-03-06T13:58:04.000Z",
        "title": invented.title,
        "summary": invented.abstract,
        "numComments": invented.comments,
        "upvoted": False,
        "thumbnail": f"{THUMBNAILS}/{paper_id(number)}.png",
        "submittedBy": {"name": "reader", "fullname": "A Reader"},
        "isAuthorParticipating": False,
    }
    if "organization" in paper:
        entry["organization"] = paper["organization"]
    return entry


def _paper(number: int, invented: Paper) -> JSON:
    authors = [
        {"_id": f"a{number}{i}", "name": name, "hidden": False} for i, name in enumerate(invented.authors)
    ]
    paper: JSON = {
        "id": paper_id(number),
        "authors": authors,
        "publishedAt": "2026-03-06T18:58:04.000Z",
        "submittedOnDailyAt": f"{DAY}T01:22:24.366Z",
        "title": invented.title,
        "summary": invented.abstract,
        "upvotes": invented.upvotes,
        "discussionId": f"d{number}",
        "ai_summary": f"In short: {invented.abstract.split('. ')[0]}.",
        "ai_keywords": ["reading", "invention"],
        "githubRepo": f"https://github.com/example/paper-{number}",
        "githubStars": 57,
        "projectPage": f"https://example.org/paper-{number}",
    }
    if invented.organisation:
        name, full_name = invented.organisation
        paper["organization"] = {"_id": "o", "name": name, "fullname": full_name}
    return paper


def items(count: int = len(PAPERS)) -> list[JSON]:
    """Return the first `count` papers."""
    return [item(number) for number in range(count)]


def props(papers: list[JSON], **more: Any) -> JSON:
    """Return the data of a day's list, as in 2026."""
    period = {
        "dateString": DAY,
        "prevDate": "2026-03-06",
        "periodType": "day",
        "query": {},
        "isTrending": False,
    }
    return {"canSubmit": False, "dailyPapers": papers, "publisher": {"user": "keeper"}, **period, **more}
