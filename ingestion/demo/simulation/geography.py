"""The 16 German states with their weight in dealers, and towns with postal-code and telephone prefixes."""

from dataclasses import dataclass

# state: (name, dealers of 120 in it)
STATES: dict[str, tuple[str, int]] = {
    "DE-BW": ("Baden-Württemberg", 15),
    "DE-BY": ("Bayern", 19),
    "DE-BE": ("Berlin", 6),
    "DE-BB": ("Brandenburg", 4),
    "DE-HB": ("Bremen", 3),
    "DE-HH": ("Hamburg", 4),
    "DE-HE": ("Hessen", 9),
    "DE-MV": ("Mecklenburg-Vorpommern", 3),
    "DE-NI": ("Niedersachsen", 11),
    "DE-NW": ("Nordrhein-Westfalen", 22),
    "DE-RP": ("Rheinland-Pfalz", 6),
    "DE-SL": ("Saarland", 3),
    "DE-SN": ("Sachsen", 5),
    "DE-ST": ("Sachsen-Anhalt", 3),
    "DE-SH": ("Schleswig-Holstein", 4),
    "DE-TH": ("Thüringen", 3),
}


@dataclass(frozen=True)
class Town:
    """A town: first three digits of its postal codes, its dialling code without the zero, its licence-
    plate letters.
    """

    state: str
    market_type: str
    name: str
    postal_prefix: str
    dialling_code: str
    plate: str


_TOWNS = """
DE-BW metro Stuttgart 701 711 S | DE-BW metro Mannheim 681 621 MA
DE-BW city Karlsruhe 761 721 KA | DE-BW city Ulm 890 731 UL
DE-BW rural Calw 753 7051 CW | DE-BW rural Sigmaringen 724 7571 SIG
DE-BY metro München 803 89 M | DE-BY metro Nürnberg 904 911 N
DE-BY city Augsburg 861 821 A | DE-BY city Würzburg 970 931 WÜ
DE-BY rural Freyung 940 8551 FRG | DE-BY rural Kempten 874 831 KE
DE-BE metro Berlin 104 30 B | DE-BB metro Potsdam 144 331 P
DE-BB city Cottbus 030 355 CB | DE-BB rural Prenzlau 172 3984 UM
DE-HB city Bremen 281 421 HB | DE-HB city Bremerhaven 275 471 HB
DE-HH metro Hamburg 220 40 HH | DE-HE metro Frankfurt·am·Main 603 69 F
DE-HE city Kassel 341 561 KS | DE-HE rural Bad·Hersfeld 362 6621 HEF
DE-MV metro Rostock 180 381 HRO | DE-MV city Schwerin 190 385 SN
DE-MV rural Güstrow 182 3843 LRO | DE-NI metro Hannover 301 511 H
DE-NI city Braunschweig 381 531 BS | DE-NI city Göttingen 370 551 GÖ
DE-NI rural Lüchow 294 5841 DAN | DE-NW metro Köln 506 221 K
DE-NW metro Düsseldorf 402 211 D | DE-NW metro Dortmund 441 231 DO
DE-NW city Münster 481 251 MS | DE-NW city Bielefeld 336 521 BI
DE-NW rural Höxter 376 5271 HX | DE-NW rural Schleiden 539 2445 EU
DE-RP metro Mainz 551 6131 MZ | DE-RP city Trier 542 651 TR
DE-RP rural Bitburg 546 6561 BIT | DE-SL metro Saarbrücken 661 681 SB
DE-SL city Homburg 664 6841 HOM | DE-SL rural Merzig 666 6861 MZG
DE-SN metro Leipzig 041 341 L | DE-SN metro Dresden 011 351 DD
DE-SN city Chemnitz 091 371 C | DE-SN rural Görlitz 028 3581 GR
DE-ST metro Magdeburg 391 391 MD | DE-ST city Dessau 068 340 DE
DE-ST rural Stendal 395 3931 SDL | DE-SH metro Kiel 241 431 KI
DE-SH city Lübeck 235 451 HL | DE-SH rural Husum 258 4841 NF
DE-TH metro Erfurt 990 361 EF | DE-TH city Jena 077 3641 J
DE-TH rural Sömmerda 996 3634 SÖM
"""
TOWNS = [
    Town(*(part.replace("·", " ") for part in entry.split()))
    for entry in _TOWNS.strip().replace("\n", "|").split("|")
]
STREETS = [
    "Hauptstraße",
    "Bahnhofstraße",
    "Gartenstraße",
    "Dorfstraße",
    "Schulstraße",
    "Bergstraße",
    "Lindenstraße",
    "Kirchstraße",
    "Waldstraße",
    "Ringstraße",
    "Schillerstraße",
    "Goethestraße",
    "Mühlenweg",
    "Am Anger",
    "Rosenweg",
    "Birkenallee",
    "Königstraße",
    "Jahnstraße",
    "Friedhofweg",
    "Feldstraße",
    "Mozartstraße",
    "Beethovenstraße",
    "Ahornweg",
    "Tannenweg",
    "Marktplatz",
    "Lessingstraße",
    "Blumenstraße",
    "Wiesengrund",
    "Uferstraße",
    "Poststraße",
    "Kantstraße",
    "Parkallee",
    "Neue Gasse",
    "Brunnenstraße",
    "Fliederweg",
    "Am Sportplatz",
    "Grüner Weg",
    "Industriestraße",
    "Kastanienallee",
    "Südring",
]
