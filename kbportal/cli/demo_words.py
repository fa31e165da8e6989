"""What invented customers and agents of the demo say, in the languages of its articles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """missing: what people look for and no article answers. opening: of a ticket, before the
    question. answer, again: what is said on a ticket. comment: beside a rating.
    """

    names: tuple[str, ...]
    missing: tuple[str, ...]
    opening: tuple[str, ...]
    answer: str
    again: str
    comment: str


WORDS: Mapping[str, Words] = {
    "en": Words(
        names=("Amelia Hart", "Tom Okafor", "Priya Nair", "Owen Reid", "Grace Lin", "Ben Foster"),
        missing=(
            "student discount", "gift wrapping", "do you have a shop in London",
            "descale the kettle", "replacement lid for kettle", "subscribe for my office",
            "collect loyalty points", "kettle makes a strange noise", "wholesale prices",
        ),
        opening=("Hello, I have looked everywhere:", "Hi there,", "Good morning, please help:"),
        answer="Thank you for writing. I have looked into it and put it right on our side. "
        "Please try again and tell me if anything is missing.",
        again="It happened again today. Could you please have another look?",
        comment="Quick and friendly.",
    ),
    "sk": Words(
        names=("Jana Kováčová", "Peter Horváth", "Zuzana Bartošová", "Marek Lukáč", "Eva Tóthová"),
        missing=(
            "zľava pre študentov", "darčekové balenie", "máte predajňu v Bratislave",
            "odvápnenie kanvice", "náhradné veko na kanvicu", "vernostné body",
            "kanvica vydáva zvláštny zvuk",
        ),
        opening=("Dobrý deň, nikde som to nenašla:", "Dobrý deň,", "Prosím o pomoc:"),
        answer="Ďakujeme za správu. Pozreli sme sa na to a na našej strane sme to opravili. "
        "Skúste to, prosím, znova a dajte vedieť, ak by niečo chýbalo.",
        again="Dnes sa to stalo znova. Mohli by ste sa na to ešte raz pozrieť?",
        comment="Rýchlo a milo.",
    ),
    "pl": Words(
        names=("Anna Nowak", "Piotr Zieliński", "Katarzyna Wójcik", "Marek Kaczmarek"),
        missing=(
            "zniżka dla studentów", "pakowanie na prezent", "czy macie sklep w Krakowie",
            "odkamienianie czajnika", "zapasowa pokrywka do czajnika", "punkty lojalnościowe",
        ),
        opening=("Dzień dobry, nigdzie tego nie znalazłam:", "Dzień dobry,", "Proszę o pomoc:"),
        answer="Dziękujemy za wiadomość. Sprawdziliśmy to i poprawiliśmy po naszej stronie. "
        "Proszę spróbować ponownie i dać znać, jeśli czegoś brakuje.",
        again="Dzisiaj zdarzyło się to znowu. Czy mogą Państwo sprawdzić jeszcze raz?",
        comment="Szybko i miło.",
    ),
    "fi": Words(
        names=("Aino Virtanen", "Mikko Korhonen", "Laura Mäkinen", "Jussi Nieminen"),
        missing=(
            "opiskelija-alennus", "lahjapaketointi", "onko teillä myymälää Helsingissä",
            "keittimen kalkinpoisto", "keittimen varakansi", "kanta-asiakaspisteet",
        ),
        opening=("Hei, en löytänyt tätä mistään:", "Hei,", "Tarvitsisin apua:"),
        answer="Kiitos viestistä. Tutkimme asian ja korjasimme sen meidän päässämme. "
        "Kokeile uudelleen ja kerro, jos jotain vielä puuttuu.",
        again="Sama tapahtui tänään uudelleen. Voisitteko katsoa vielä kerran?",
        comment="Nopea ja ystävällinen.",
    ),
    "ro": Words(
        names=("Andreea Popescu", "Mihai Ionescu", "Elena Dumitru", "Radu Stan"),
        missing=(
            "reducere pentru studenți", "ambalaj cadou", "aveți magazin în Cluj",
            "detartrarea fierbătorului", "capac de schimb pentru fierbător",
            "puncte de fidelitate",
        ),
        opening=("Bună ziua, nu am găsit nicăieri:", "Bună ziua,", "Vă rog să mă ajutați:"),
        answer="Vă mulțumim pentru mesaj. Am verificat și am remediat la noi. "
        "Vă rugăm să încercați din nou și să ne spuneți dacă lipsește ceva.",
        again="S-a întâmplat din nou astăzi. Puteți verifica încă o dată?",
        comment="Rapid și amabil.",
    ),
}  # fmt: skip


def words_in(lang: str) -> Words:
    """The words in that language, else in English."""
    return WORDS.get(lang, WORDS["en"])
