"""What a property costs, as agents type it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from bot import matching
from bot.amounts import Price, is_foreign, price_in
from bot.questions.base import Gone, NotUnderstood, Option, Question, Shown, Unsure, no_words
from bot.said import Said
from inspector_whatsapp.models.listings import ListingType
from inspector_whatsapp.words import Words, say


@dataclass(frozen=True, kw_only=True)
class AskingPrice(Question[Price]):
    """A price and what it is for; read back wherever something had to be guessed."""

    offer: ListingType

    def hear(self, said: Said, value: str | None, shown: Shown) -> Any:
        if not said.is_words:
            raise NotUnderstood(no_words(said))
        picked = value if value is not None else shown.exactly(said.text)
        if picked is not None:  # what was read back
            return self._good(picked).to_json()
        if shown.options and matching.refuses(said.text):
            raise NotUnderstood(say(_("Then please type it once more.")))
        if is_foreign(said.text):
            raise NotUnderstood(say(_("Prices here are in naira. Please type it in naira, like *2.5m*.")))
        reading = price_in(said.text, self.offer)
        if not reading.prices:
            raise NotUnderstood(self._hint())
        if not reading.sure:
            raise Unsure([_read_back(price) for price in reading.prices])
        return reading.prices[0].to_json()

    def _hint(self) -> Words:
        match self.offer:
            case ListingType.RENT:
                return say(_("I couldn't read that as a price. Type it like *2.5m* or *200k per month*."))
            case ListingType.SHORTLET:
                return say(_("I couldn't read that as a price. Type it like *50k* or *1m per month*."))
            case ListingType.SALE:
                return say(_("I couldn't read that as a price. Type it like *85m* or *120,000,000*."))

    def _good(self, kept: Any) -> Price:
        price = Price.from_json(str(kept))
        if price is None or bool(price.period) != (self.offer != ListingType.SALE):
            raise NotUnderstood(self._hint())
        return price

    def read(self, kept: Any) -> Price:
        try:
            return self._good(kept)
        except NotUnderstood as why:
            raise Gone(why.words) from None


def _read_back(price: Price) -> Option:
    return Option(price.to_json(), say("{price}", price=price))


def asking_price(words: Words, *, offer: ListingType) -> AskingPrice:
    """Ask what a property costs that is offered so."""
    return AskingPrice(words=words, offer=offer)
