# ruff: noqa: RUF001
"""Small tables of common given and family names in Germany, with the letters that break naive matching."""

from dataclasses import dataclass
from functools import cache

import numpy as np

# origin: (share of people, female given names, male given names, family names)
_ORIGINS: dict[str, tuple[float, str, str, str]] = {
    "german": (
        0.76,
        "Anna Maria Ursula Monika Petra Sabine Renate Andrea Claudia Susanne Birgit Nicole Christine "
        "Gabriele Katharina Stefanie "
        "Julia Melanie Sandra Heike Karin Martina Angelika Brigitte Kerstin Silke Tanja Ute Jana Lena "
        "Laura Lea Sarah Lisa Hannah "
        "Johanna Sophie Charlotte Emma Mia Franziska Theresa Jutta Käthe Bärbel Jördis Marlene Greta "
        "Frieda Ida Paula Clara Nina "
        "Simone Anja Daniela Elke Doris Helga Ingrid Gisela",
        "Peter Michael Thomas Andreas Wolfgang Klaus Jürgen Stefan Christian Uwe Werner Frank Markus "
        "Alexander Matthias Martin "
        "Daniel Jan Tobias Sebastian Florian Philipp Jonas Lukas Maximilian Felix Paul Leon Ben Finn "
        "Jörg Günter Götz Sören "
        "Björn Torsten Ralf Rainer Dieter Horst Manfred Heinz Karl Hans Otto Friedrich Johann Jakob "
        "Anton Moritz Niklas "
        "Dirk Holger Sven Marco Oliver Bernd Volker Karl-Heinz Hans-Peter",
        "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch "
        "Bauer Richter Klein Wolf "
        "Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Schmitt Werner "
        "Schmitz Krause Meier Lehmann "
        "Schmid Schulze Maier Köhler Herrmann König Walter Mayer Huber Kaiser Fuchs Peters Lang "
        "Scholz Möller Weiß Jung Hahn "
        "Schubert Vogel Friedrich Keller Günther Frank Berger Winkler Roth Beck Lorenz Baumann Franke "
        "Albrecht Schuster Simon "
        "Ludwig Böhm Winter Kraus Martin Schumacher Krämer Vogt Stein Jäger Otto Sommer Groß Seidel "
        "Heinrich Brandt Haas "
        "Schreiber Graf Schulte Dietrich Ziegler Kuhn Kühn Pohl Engel Horn Busch Bergmann Thomas "
        "Voigt Sauer Arnold Wolff "
        "Pfeiffer Götz Strauß Ernst Lindner Hübner Kramer Franz Bremer Weiss Gießler von·Hagen "
        "zu·Berge Heß Nuß",
    ),
    "turkish": (
        0.07,
        "Ayşe Fatma Emine Hatice Zeynep Elif Meryem Şerife Zehra Sultan Hülya Gül Özlem Yasemin Derya "
        "Gülşen Çiğdem Sevgi",
        "Mehmet Mustafa Ahmet Ali Hüseyin Hasan İbrahim Murat Ömer Yusuf Emre Çağlar Özgür Uğur Şahin "
        "Kemal Okan Can",
        "Yılmaz Kaya Demir Şahin Çelik Yıldız Yıldırım Öztürk Aydın Özdemir Arslan Doğan Kılıç Aslan "
        "Çetin Kara Koç Kurt "
        "Özkan Şimşek Polat Korkmaz Çakır Erdoğan Güneş Tekin Bulut Ünal Avcı Işık",
    ),
    "polish": (
        0.05,
        "Agnieszka Małgorzata Katarzyna Joanna Ewa Barbara Zofia Elżbieta Grażyna Beata Dorota "
        "Aleksandra Żaneta Łucja",
        "Piotr Krzysztof Tomasz Paweł Łukasz Michał Marcin Grzegorz Zbigniew Wojciech Jacek Sławomir "
        "Rafał Stanisław",
        "Nowak Kowalski Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański Woźniak "
        "Dąbrowski Kozłowski "
        "Jankowski Mazur Kwiatkowski Krawczyk Piotrowski Grabowski Zając Pawłowski Król Wróbel "
        "Stępień Górski Łukaszewski",
    ),
    "romance": (
        0.05,
        "Giulia Francesca Chiara Lucía Sofía Begoña Inês Conceição Élodie Amélie Noémie Françoise "
        "Ioana Mădălina",
        "Giuseppe Antonio Niccolò José Iñaki Ángel João Gonçalo François René Jérôme Andrei Ștefan Matteo",
        "Rossi Russo Ferrari Esposito Bianchi García Muñoz Núñez Peña Ibáñez Gonçalves Araújo "
        "Conceição Lefèvre Dubois "
        "Béranger Popescu Ionescu Țurcanu D'Angelo De·Luca Di·Stefano",
    ),
    "slavic": (
        0.03,
        "Jelena Snežana Željka Olena Natalia Iryna Svitlana Božena Tereza Mirjana Vesna Dragana",
        "Dragan Zoran Željko Goran Oleksandr Serhij Dmitri Jiří Tomáš Ondřej Miloš Slavko",
        "Petrović Jovanović Marković Nikolić Horvat Kovačević Šarić Žukov Kovalenko Shevchenko Novák "
        "Dvořák Svoboda Černý",
    ),
    "asian": (
        0.02,
        "Li·Na Xiùyīng Mei Thị·Lan Thu·Hà Yuki Priya Anjali Hương Jing",
        "Wei Jun Hào Văn·Minh Đức Hiroshi Rajesh Arjun Tuấn Lei",
        "Wang Li Zhang Liu Chen Nguyễn Trần Phạm Lê Đặng Tanaka Sharma Patel Singh Lü Nǚ",
    ),
    "northern": (
        0.02,
        "Astrid Ingeborg Åsa Siobhán Emily Louise Maja Freja Kirsten Sanne",
        "Søren Lars Åke Seán James William Mikkel Jørgen Willem Joost",
        "Sørensen Jørgensen Åkerström Nielsen O'Neill O'Brien Smith van·der·Berg de·Vries Larsson "
        "Østergaard Bakker",
    ),
}
_FRONT = [
    "Alt",
    "Neu",
    "Ober",
    "Nieder",
    "Kirch",
    "Stein",
    "Wald",
    "Berg",
    "Linden",
    "Eichen",
    "Buchen",
    "Rosen",
    "Mühl",
    "Brunn",
    "Hoch",
    "Unter",
    "Wein",
    "Sand",
    "Birken",
    "Gold",
]
_BACK = [
    "mann",
    "bauer",
    "meier",
    "huber",
    "hofer",
    "berger",
    "brunner",
    "müller",
    "bach",
    "feld",
    "kamp",
    "haus",
    "stein",
    "thal",
    "wirth",
]


@dataclass(frozen=True)
class NameTables:
    """All names with the weight that each has within its origin and (given names) gender."""

    given: list[str]
    given_origin: np.ndarray
    given_female: np.ndarray
    given_weight: np.ndarray
    family: list[str]
    family_origin: np.ndarray
    family_weight: np.ndarray
    origin_share: np.ndarray


def _split(text: str) -> list[str]:
    return [name.replace("·", " ") for name in text.split()]


@cache
def name_tables() -> NameTables:
    """Return the tables; frequent names come first in each list (weights fall like 1 / (rank + 8))."""
    given: list[tuple[str, int, bool, float]] = []
    family: list[tuple[str, int, float]] = []
    for number, (_, female, male, last) in enumerate(_ORIGINS.values()):
        for names, is_female in ((_split(female), True), (_split(male), False)):
            given += [(name, number, is_female, 1 / (rank + 8)) for rank, name in enumerate(names)]
        names = _split(last)
        if number == 0:
            names += [front + back for front in _FRONT for back in _BACK]
        family += [(name, number, 1 / (rank + 8)) for rank, name in enumerate(names)]
    return NameTables(
        given=[row[0] for row in given],
        given_origin=np.array([row[1] for row in given]),
        given_female=np.array([row[2] for row in given]),
        given_weight=np.array([row[3] for row in given]),
        family=[row[0] for row in family],
        family_origin=np.array([row[1] for row in family]),
        family_weight=np.array([row[2] for row in family]),
        origin_share=np.array([row[0] for row in _ORIGINS.values()]),
    )
