#!/usr/bin/env python3
"""Dull traffic: posts as most of them are, in which nobody is to be surprised. One JSON object a line, for
`porterhouse analyze --jsonl`. Standard library only; the same seed gives the same posts.

  scripts/dull.py [N] [SEED]    writes N posts (default 20000)
"""
import json
import random
import sys

BRAND = {"id": "b", "name": "Nordwind", "handles": ["@nordwind_help", "@nordwind"], "about": "trains, parcels, internet"}
CITIES = "Kassel Fulda Linz Basel Leeds Dayton Reno Hull Trier Graz Bern Ulm Derby Omaha Tulsa Jena".split()
NAMES = "Tom Jana Priya Ole Marta Jim Selin Beth Uwe Kofi Lena Sam".split()

EN = {
    "question": [
        "{h} is the {t} from {c} running today{q}", "{h} what time does the counter in {c} close{q}",
        "{h} can I change the address on order {n}{q}", "{h} does the {m} plan include roaming{q}",
        "anyone know if {b} delivers to {c}? their site says nothing", "{h} how do I reset my password, the mail never comes",
        "{h} where do i find my invoice for {mo}{q}", "{h} is there wifi on the {t} to {c}{q}",
        "{h} do you ship to {c} and what does it cost{q}", "{h} my code {n} is refused, what now{q}",
    ],
    "complaint": [
        "{h} {d} minutes late again. {tag}", "{h} no internet in {c} since {hr}. any news{q}",
        "{h} parcel {n} says delivered, nothing here. Third time this {mo}.", "{h} on hold for {d} minutes and then cut off",
        "{h} your app logs me out every single time, fix it", "so {b} cancelled the {t} and nobody tells us anything",
        "{b} charged me twice for order {n}, support does not answer", "{h} why is the {t} cancelled, I have work at {hr}",
        "{h} worst service in {c}, {d} minutes in the queue and one counter open {tag}",
        "{h} the router is down, the hotline says restart, I restarted {k} times", "{b} prices went up again, {p} for that, no thanks",
        "{h} my kids and I have waited {d} minutes on platform {k}, this is unacceptable, I want my money back",
        "{h} I have been a customer for {y} years and this is the worst I have seen. Shame on you. {tag}",
        "{h} birthday present for my husband still not delivered, useless company, refund now", 
    ],
    "thanks": [
        "{h} thanks, works now", "{h} ok thank you {nm}, dm sent", "{h} thx for the quick reply!", "{h} great, cheers {e}",
        "{h} yes, order {n}, zip {z}", "{h} done", "{h} all good again in {c}, thank you", "{h} no, still the same here",
        "{h} thank you so much, have a nice weekend {e}", "shoutout to {nm} at {b}, very helpful",
    ],
    "news": [
        "{b} to close {k} branches in {c}, {d} jobs affected {l}", "{b} shares fall {k} percent after quarterly report {l}",
        "{b} announces new timetable for {c} from {mo} {l}", "Strike at {b}: what travelers need to know {l}",
        "{c} council approves {b} building on the ring road {l}", "{b} and {nm} Group sign contract over {d} million {l}",
    ],
    "house": [
        "Hi {nm}, sorry to hear that! Please DM us your order number so we can take a look. ^{i}",
        "@u_{z} Hello {nm}, the {t} is delayed by {d} minutes, we apologize for the inconvenience ^{i}",
        "Good morning from the {b} team! We're here until {hr} to answer your questions. ^{i}",
    ],
    "chatter": [
        "lunch break, then the {b} meeting, then gym", "the party is right behind the {b} in {c}, see you at {hr}",
        "just passed a {b} van on the way to {c}", "my brother works at {b} now", "{b} or the other one, same thing really",
        "lol {b} {e}", "watching the match, {b} ad for the {k}th time", "I got a {b} gift card, might sell it, dm me",
        "{nm} said {b} is fine but I have no opinion", "{b} tower lit up in green today {l}", "thinking about {b} stock, any views?",
        "bought a ticket at {b}", "{b} again on monday {e}", "in the {b} queue in {c}",
    ],
    "wish": [
        "{h} please add dark mode to the app", "{h} please fly direct from {c}", "{h} bring back the {m} plan, everyone wants it",
        "i wish {b} had a shop in {c}", "{h} when will you support two accounts in one app{q}", "{h} could you make the {t} longer, it is always full",
    ],
}
DE = {
    "question": [
        "{h} fährt der {t} ab {c} heute{q}", "{h} wie lange hat die Filiale in {c} offen{q}", "{h} kann ich bei Bestellung {n} die Adresse ändern{q}",
        "{h} gilt mein Ticket auch im {t}{q}", "weiß jemand, ob {b} nach {c} liefert?", "{h} wo finde ich die Rechnung vom {mo}{q}",
        "{h} mein Gutschein {n} geht nicht, was tun{q}", "{h} gibt es im {t} nach {c} WLAN{q}", "{h} ist der Tarif {m} noch buchbar{q}",
    ],
    "complaint": [
        "{h} schon wieder {d} Minuten Verspätung. {tag}", "{h} seit {hr} kein Internet in {c}", "{h} Paket {n} angeblich zugestellt, hier ist nichts",
        "{h} {d} Minuten Warteschleife und dann rausgeflogen", "die App von {b} stürzt dauernd ab", "{b} hat den {t} gestrichen, keine Durchsage, nix",
        "{h} doppelt abgebucht, Bestellung {n}, keine Antwort", "{h} wieso fällt der {t} aus, ich muss um {hr} arbeiten", "{b} wird immer teurer, {p}, geht's noch",
        "{h} Router tot, Hotline sagt neu starten, hab ich {k} mal gemacht", "{h} stehe mit zwei Kindern seit {d} Minuten am Gleis {k}, Frechheit, ich will mein Geld zurück",
        "{h} seit {y} Jahren Kunde und so ein Saftladen geworden, nie wieder {tag}", "{h} Geschenk zum Geburtstag kommt wieder nicht an, unfähig, Erstattung bitte",
    ],
    "thanks": [
        "{h} danke, geht wieder", "{h} ok, DM ist raus", "{h} danke für die schnelle Antwort!", "{h} alles klar {e}", "{h} ja, Bestellung {n}, PLZ {z}",
        "{h} erledigt", "{h} nein, leider noch immer nicht", "{h} lieben Dank und schönes Wochenende {e}", "{nm} von {b} war sehr freundlich",
    ],
    "news": [
        "{b} schließt {k} Filialen in {c} {l}", "{b}: Gewinn sinkt um {k} Prozent {l}", "{b} baut zwischen {c} und {c} bis {mo} {l}",
        "Streik bei {b}: Was Reisende wissen müssen {l}", "Gericht weist Klage gegen {b} ab {l}", "{c}: {b} stellt neuen Fahrplan vor {l}",
    ],
    "house": [
        "Hallo {nm}, das tut uns leid. Um welchen Zug geht es? /{i}", "Hallo {nm}, schick uns gern deine Kundennummer per DM, dann schauen wir nach. ^{i}",
        "Guten Morgen vom {b}-Team! Wir sind bis {hr} für euch da. /{i}",
    ],
    "chatter": [
        "Mittagspause, dann Termin bei {b}, dann Sport", "Treffpunkt hinter dem {b} in {c} um {hr}", "{b}-Wagen parkt wieder auf dem Radweg in {c}",
        "mein Bruder ist jetzt bei {b}", "{b} halt {e}", "in der Schlange bei {b} in {c}", "{nm} meint {b} sei ok, mir egal", "schon wieder die {b} Werbung",
        "Gutschein von {b} abzugeben, DM", "{b} oder die anderen, ist doch gleich", "montag wieder {b} {e}", "war heute bei {b}",
    ],
    "wish": [
        "{h} bitte Dark Mode in der App", "{h} bitte wieder direkt ab {c}", "{h} bringt den Tarif {m} zurück, wollen alle", "{b} sollte mal nach {c} kommen",
        "{h} wann kommt die App für Tablets{q}", "{h} könntet ihr an den {t} einen Wagen mehr hängen, immer voll",
    ],
}
SHARES = {"question": 18, "complaint": 26, "thanks": 17, "news": 10, "house": 9, "chatter": 15, "wish": 5}
TAGS = ["", "", "", "#fail", "#annoyed", "#{b}", "#monday"]
EMOJI = ["", "", "", ":)", "😂", "🙄", "👍", "!!", "..."]


def post(draw, at):
    lang = draw.choice(["de", "de", "en"])
    book = DE if lang == "de" else EN
    kind = draw.choices(list(SHARES), list(SHARES.values()))[0]
    text = draw.choice(book[kind])
    if kind in ("complaint", "chatter", "thanks") and draw.random() < 0.25:
        text += draw.choice([". ", " / ", ", "]) + draw.choice(book[draw.choice(["chatter", "question", "complaint"])])
    values = {
        "h": draw.choice(BRAND["handles"]), "b": "Nordwind", "c": draw.choice(CITIES), "t": draw.choice(["RE", "ICE", "IC"]) + f" {draw.randint(2, 999)}",
        "n": str(draw.randint(100000, 99999999)), "d": str(draw.randint(5, 190)), "k": str(draw.randint(2, 9)), "y": str(draw.randint(2, 25)),
        "hr": f"{draw.randint(6, 22)}:{draw.choice(['00', '15', '30', '45'])}", "mo": draw.choice(["Mai", "Juni", "August"] if lang == "de" else ["May", "June", "August"]),
        "m": draw.choice(["S", "M", "L", "Flex", "Basic"]), "p": f"{draw.randint(3, 90)},90 €" if lang == "de" else f"${draw.randint(3, 90)}",
        "q": draw.choice(["?", "??", "? thx" if lang == "en" else "? Danke", ""]), "nm": draw.choice(NAMES), "z": str(draw.randint(10000, 99999)),
        "e": draw.choice(EMOJI), "l": f"https://t.example/{draw.randint(1000, 9999)}", "i": draw.choice(["AB", "JK", "MS"]),
        "tag": draw.choice(TAGS).replace("{b}", "nordwind"),
    }
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    if draw.random() < 0.15:
        text = text.lower()
    text = " ".join(text.split())
    medium = "news" if kind == "news" and draw.random() < 0.5 else "tweet"
    hour, day = at // 60 % 24, 1 + at // 1440 % 28
    return {"id": f"dull-{at}", "text": text, "brand": BRAND, "source": medium, "posted_at": f"2026-09-{day:02}T{hour:02}:{at % 60:02}:00+02:00"}


def main():
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    draw = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    for at in range(n):
        print(json.dumps(post(draw, at), ensure_ascii=False))


if __name__ == "__main__":
    main()
