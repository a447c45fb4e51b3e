//! Mails as people get them, routes, and what hostile posts come to.

use super::*;
use crate::model::{
    Alert, AlertBody, AlertKey, Brand, Card, Cause, Delivered, ItemId, NoOutlet, Notice, NoticeId, NoticeKind, Opening,
    Opportunity, Part, PendingNotice, SourceName, Verdict, VerdictReason,
};
use crate::net::MailSecurity;
use crate::query::Query;
use crate::wording::Reader;
use crate::wording::sample::{brand, care, mortons, now};
use expect_test::{ExpectFile, expect, expect_file};
use mail_parser::{MessageParser, MimeHeaders};
use proptest::prelude::*;
use std::time::Duration;

/// Google Mail cuts a mail that is longer.
const MAIL_LIMIT_BYTES: usize = 102 * 1024;

fn new_york() -> Reader {
    Reader::new("en", "America/New_York")
}

fn berlin() -> Reader {
    Reader::new("de", "Europe/Berlin")
}

fn check(body: &AlertBody, text: ExpectFile, html: ExpectFile) {
    text.assert_eq(&format!("{}\n\n{}", body.subject, body.text));
    html.assert_eq(&body.html);
    assert!(body.html.len() < MAIL_LIMIT_BYTES);
}

fn alert_with(body: AlertBody) -> Alert {
    Alert {
        key: AlertKey::new("0123456789abcdef0123456789abcdef"),
        route: RouteName("all".to_owned()),
        channel: ChannelName("mail".to_owned()),
        recipient: "Team <team@example.com>".to_owned(),
        notices: vec![NoticeId(1)],
        body,
        unsubscribe: None,
        created_at: now(),
    }
}

#[test]
fn the_founding_story_in_english() {
    check(
        &render(&mortons(), "Morton's The Steakhouse", &new_york(), now()),
        expect_file!["../../tests/fixtures/mail/alert_en.txt"],
        expect_file!["../../tests/fixtures/mail/alert_en.html"],
    );
}

#[test]
fn the_founding_story_in_german() {
    check(
        &render(&mortons(), "Morton's The Steakhouse", &berlin(), now()),
        expect_file!["../../tests/fixtures/mail/alert_de.txt"],
        expect_file!["../../tests/fixtures/mail/alert_de.html"],
    );
}

#[test]
fn a_care_case_is_told_quietly() {
    let body = render(&care(), "Silberlinde Hotels", &berlin(), now());
    check(
        &body,
        expect_file!["../../tests/fixtures/mail/care_de.txt"],
        expect_file!["../../tests/fixtures/mail/care_de.html"],
    );
    assert_eq!(body.json["type"], "care.found");
    assert_eq!(body.json["data"]["opportunity"]["wish"], serde_json::Value::Null);
    let english = render(&care(), "Silberlinde Hotels", &new_york(), now());
    assert!(!english.subject.contains("Zimmer") && !english.text.contains("Zimmer,"));
}

#[test]
fn too_late_is_said_as_it_is() {
    let later = now() + jiff::SignedDuration::from_mins(60);
    let body = render(&mortons(), "Morton's", &new_york(), later);
    expect!["Peter Shankman: a porterhouse, Newark airport, 59 min left"].assert_eq(&body.subject);
    expect!["Morton's Hackensack is 36 min short, even if it starts now. Contact: +1 201 555 0142."]
        .assert_eq(body.text.lines().next().unwrap_or_default());
    let gone = render(&mortons(), "Morton's", &new_york(), now() + jiff::SignedDuration::from_hours(3));
    expect!["Peter Shankman: a porterhouse, Newark airport, 1 h 1 min too late"].assert_eq(&gone.subject);
}

/// The founding story with another outlet or none, as far as the mail speaks of time and place.
fn time_and_place(change: impl Fn(&mut Opportunity), reader: &Reader) -> String {
    let mut card = mortons();
    change(card.opportunity.as_mut().expect("an opportunity"));
    let text = render(&card, "Morton's", reader, now()).text;
    let lines = text.lines().skip_while(|line| !line.contains("Stand ") && !line.contains("As of "));
    lines.take_while(|line| !line.contains("WHO IS") && !line.contains("WER SPRICHT")).collect::<Vec<_>>().join("\n")
}

fn open_from(hour: u32) -> impl Fn(&mut Opportunity) {
    move |found| {
        let (from, to) = (format!("2026-11-21T{hour}:30:00Z"), "2026-11-22T03:00:00Z");
        let openings = vec![Opening { from: from.parse().expect("a time"), to: to.parse().expect("a time") }];
        found.nearest.as_mut().expect("an outlet").open = Some(openings);
    }
}

#[test]
fn what_opens_in_time_waits_until_then() {
    expect![[r#"
        HOW MUCH TIME THERE IS (As of 14:59)
        Of 1 h 59 min, 28 min are slack.
        By .......................................... 16:58, said as “in two hours”
        Time left ................................... 1 h 59 min
        Approve ..................................... 10 min
        Until it opens .............................. 21 min
        Prepare ..................................... 45 min
        On the way .................................. 15 min
        Slack ....................................... 28 min

        WHERE, AND WHO OF YOU IS NEAR
        Place ....................................... Newark airport (Newark Liberty International Airport)
        Nearest ..................................... Morton's Hackensack
        Distance .................................... 15 mi as the crow flies
        Contact ..................................... +1 201 555 0142
        Hours ....................................... opens 15:30

        WHAT COULD BE DONE (Because: Wish, food or drink, a place, a deadline ahead)

        Meet the person at “Newark airport” with what was wished for (“a porterhouse”), brought by somebody of the house (hours, medium cost)

        Have it ready at the nearest outlet and say where, should the way be too long (hours, small cost)

        Answer at once in the tone of the post, without giving it away (minutes, no cost)
        Words to start from (English): You said “a porterhouse”. Do not eat anything before you arrive.
        Look for somebody at the exit who is dressed for dinner.
        Careful: No condition, no request to post about it; bring nothing that the person did not say in public.
    "#]]
    .assert_eq(&time_and_place(
        |found| {
            open_from(20)(found);
            found.nearest.as_mut().expect("an outlet").travel = Duration::from_secs(15 * 60);
        },
        &new_york(),
    ));
}

#[test]
fn what_is_closed_or_out_of_reach_says_so() {
    expect![[r#"
        WIE VIEL ZEIT IST (Stand 20:59 Uhr)
        Es braucht 2 h 56 min, 1 h 59 min bleiben.
        Bis ......................................... 22:58 Uhr (dort 16:58 Uhr), gesagt mit „in two hours“
        Verbleibend ................................. 1 h 59 min
        Freigeben ................................... 10 min
        Bis geöffnet ist ............................ 1 h 21 min
        Vorbereiten ................................. 45 min
        Unterwegs ................................... 40 min
        Verpasst .................................... geschlossen, kein Standort kann vor 22:30 Uhr beginnen

        WO, UND WER VON IHNEN IST NAH
        Ort ......................................... Newark airport (Newark Liberty International Airport)
        Am nächsten ................................. Morton's Hackensack
        Entfernung .................................. 24 km Luftlinie
        Kontakt ..................................... +1 201 555 0142
        Öffnung ..................................... öffnet 22:30 Uhr (dort 16:30 Uhr)

        WAS SICH TUN LÄSST (Weil: Wunsch, der Moment ist vorbei)

        Schreiben, dass man es gern getan hätte, und das nächste Mal anbieten (Minuten, keine Kosten)

        Das Gewünschte bereithalten, wenn die Person das nächste Mal kommt (Tage, kleine Kosten)
        Worte für den Anfang (Englisch): We were too slow this time. Next time it will be waiting for you.
        Vorsicht: Nicht so tun, als wäre noch Zeit.
    "#]]
    .assert_eq(&time_and_place(open_from(21), &berlin()));
    let beyond = |found: &mut Opportunity| {
        found.nearest = None;
        let name = "Morton's Hackensack".to_owned();
        found.plan.nobody = Some(NoOutlet::OutOfReach { name, distance_km: 120.0, reach_km: 48.3 });
    };
    expect![[r#"
        HOW MUCH TIME THERE IS (As of 14:59)
        By .......................................... 16:58, said as “in two hours”
        Time left ................................... 1 h 59 min
        Approve ..................................... 10 min
        Missed ...................................... nobody within reach: Morton's Hackensack is 75 mi away and goes 30 mi

        WHERE, AND WHO OF YOU IS NEAR
        Place ....................................... Newark airport (Newark Liberty International Airport)
        Nearest ..................................... nobody within reach: Morton's Hackensack is 75 mi away and goes 30 mi

        WHAT COULD BE DONE (Because: Wish, the moment has passed)

        Write that you would have loved to, and offer it for the next time (minutes, no cost)

        Have what was wished for ready when the person comes next (days, small cost)
        Words to start from (English): We were too slow this time. Next time it will be waiting for you.
        Careful: Do not act as if there were still time.
    "#]].assert_eq(&time_and_place(beyond, &new_york()));
    expect![[r#"
        WIE VIEL ZEIT IST (Stand 20:59 Uhr)
        Bis ......................................... 22:58 Uhr (dort 16:58 Uhr), gesagt mit „in two hours“
        Verbleibend ................................. 1 h 59 min
        Freigeben ................................... 10 min
        Spielraum ................................... 1 h 49 min

        WO, UND WER VON IHNEN IST NAH
        Ort ......................................... Newark airport (Newark Liberty International Airport)
        In der Nähe ist kein eigener Standort bekannt.

        WAS SICH TUN LÄSST (Weil: Wunsch, Essen oder Trinken, ein Ort, eine Frist)

        Die Person bei „Newark airport“ mit dem Gewünschten („a porterhouse“) empfangen, überbracht von jemandem aus dem Haus (Stunden, mittlere Kosten)

        Es im nächsten Haus bereithalten und sagen, wo, falls der Weg zu weit ist (Stunden, kleine Kosten)

        Sofort im Ton des Beitrags antworten, ohne alles zu verraten (Minuten, keine Kosten)
        Worte für den Anfang (Englisch): You said “a porterhouse”. Do not eat anything before you arrive.
        Look for somebody at the exit who is dressed for dinner.
        Vorsicht: Keine Bedingung, keine Bitte, darüber zu schreiben; nichts bringen, was nicht öffentlich gesagt wurde.
    "#]]
    .assert_eq(&time_and_place(|found| found.nearest = None, &berlin()));
}

#[test]
fn the_payload_has_every_slot_and_reason() {
    let body = render(&mortons(), "Morton's", &new_york(), now());
    let shown = serde_json::to_string_pretty(&body.json).expect("JSON");
    expect_file!["../../tests/fixtures/mail/webhook.json"].assert_eq(&format!("{shown}\n"));
}

#[test]
fn a_source_in_trouble_says_what_its_silence_means() {
    let reader = berlin();
    let source = SourceName::new("reisefuchs");
    let body = source_trouble(
        &source,
        Some(Cause::NotFound),
        "`reisefuchs.example` answered 404 (not found)",
        now(),
        &reader,
        now(),
    );
    expect_file!["../../tests/fixtures/mail/source_de.txt"].assert_eq(&format!("{}\n\n{}", body.subject, body.text));
    assert_eq!(source_recovered(&source, now(), &reader, now()).subject, "reisefuchs wird wieder gelesen");
}

#[test]
fn a_mail_has_its_key_two_alternatives_and_short_lines() {
    let body = render(&mortons(), "Morton's", &berlin(), now());
    let bytes = email_bytes(&alert_with(body.clone()), "Porterhouse <listen@example.com>").expect("builds");
    assert!(bytes.split(|byte| *byte == b'\n').all(|line| line.len() <= 998));
    assert!(bytes.is_ascii() || bytes.len() < MAIL_LIMIT_BYTES);
    let mail = MessageParser::default().parse(&bytes).expect("a mail");
    assert_eq!(mail.subject(), Some(body.subject.as_str()));
    assert_eq!(mail.message_id(), Some("0123456789abcdef0123456789abcdef@porterhouse.invalid"));
    assert_eq!(mail.date().map(mail_parser::DateTime::to_timestamp), Some(now().as_second()));
    let header = |name: &'static str| mail.header_raw(name).map(str::trim).map(ToOwned::to_owned);
    assert_eq!(header("Auto-Submitted").as_deref(), Some("auto-generated"));
    assert_eq!(header("X-Porterhouse-Alert-Id").as_deref(), Some("0123456789abcdef0123456789abcdef"));
    assert_eq!(mail.text_bodies().count(), 1);
    assert_eq!(mail.body_text(0).map(|text| text.replace("\r\n", "\n")), Some(body.text));
    assert_eq!(mail.body_html(0).map(|html| html.replace("\r\n", "\n")), Some(body.html));
    assert_eq!(
        mail.parts.first().and_then(|part| part.content_type()).and_then(|kind| kind.subtype()),
        Some("alternative")
    );
}

#[test]
fn two_attempts_send_the_same_bytes() {
    let alert = alert_with(render(&mortons(), "Morton's", &berlin(), now()));
    assert_eq!(email_bytes(&alert, "listen@example.com").ok(), email_bytes(&alert, "listen@example.com").ok());
}

#[test]
fn an_address_that_is_none_is_refused() {
    let alert = alert_with(render(&mortons(), "Morton's", &berlin(), now()));
    let error = email_bytes(&alert, "nobody").map(|_| ()).expect_err("no address");
    expect!["`nobody` is no mail address; write `name@example.com` or `Name <name@example.com>`"]
        .assert_eq(&error.to_string());
}

/// A card with `words` in every field that comes from outside.
fn hostile(words: &str) -> Card {
    let mut card = mortons();
    let owned = || Some(words.to_owned());
    words.clone_into(&mut card.item.text);
    words.clone_into(&mut card.item.title);
    card.item.url = owned();
    card.item.lang = owned();
    card.item.author.name = owned();
    card.item.author.handle = owned();
    card.mention.aspects = vec![words.to_owned(); 9];
    if let Some(opportunity) = &mut card.opportunity {
        opportunity.judgement.slots.wish = owned();
        opportunity.judgement.slots.place = owned();
        for reason in &mut opportunity.judgement.reasons {
            words.clone_into(&mut reason.words);
            words.clone_into(&mut reason.rule);
        }
    }
    card
}

fn as_mail(card: &Card) -> Vec<u8> {
    email_bytes(&alert_with(render(card, &card.item.text, &new_york(), now())), "listen@example.com").expect("builds")
}

#[test]
fn a_post_cannot_add_a_header() {
    let bytes = as_mail(&hostile("x\r\nBcc: victim@example.com\r\n\r\n<script>alert(1)</script>"));
    let mail = MessageParser::default().parse(&bytes).expect("a mail");
    assert!(mail.bcc().is_none());
    assert_eq!(mail.parts.len(), 3);
    let head = String::from_utf8_lossy(&bytes).split("\r\n\r\n").next().unwrap_or_default().to_owned();
    assert!(!head.contains("\r\nBcc"), "{head}");
}

#[test]
fn turned_directions_and_control_characters_do_not_arrive() {
    let body = render(&hostile("evil\u{202e}txt\u{1b}[2J\u{0}"), "B", &new_york(), now());
    for shown in [&body.subject, &body.text, &body.html] {
        assert!(!shown.contains(['\u{202e}', '\u{1b}', '\u{0}']));
    }
}

#[test]
fn a_megabyte_of_words_is_cut() {
    for words in ["<>&\"' ".repeat(200_000), "a".repeat(1_000_000), "e\u{301}\u{302}".repeat(200_000)] {
        let body = render(&hostile(&words), &words, &new_york(), now());
        assert!(body.html.len() < MAIL_LIMIT_BYTES, "{}", body.html.len());
        assert!(body.text.len() < MAIL_LIMIT_BYTES && body.json.to_string().len() < MAIL_LIMIT_BYTES);
        assert!(as_mail(&hostile(&words)).split(|byte| *byte == b'\n').all(|line| line.len() <= 998));
    }
}

proptest! {
    #[test]
    fn any_post_becomes_a_mail_without_a_script(words in "\\PC{0,60}|[<>&\"'/a-z =\r\n\t]{0,80}|(<script>|javascript:){1,3}") {
        let body = render(&hostile(&words), &words, &new_york(), now());
        prop_assert!(!body.html.to_lowercase().contains("<script"));
        prop_assert!(!body.html.contains("href=\"javascript"));
        prop_assert!(!body.subject.contains(['\r', '\n']));
        let bytes = as_mail(&hostile(&words));
        prop_assert!(bytes.split(|byte| *byte == b'\n').all(|line| line.len() <= 998));
        prop_assert!(MessageParser::default().parse(&bytes).is_some_and(|mail| mail.subject().is_some()));
    }
}

fn pending(card: Card) -> PendingNotice {
    let kind = NoticeKind::Opportunity { item: ItemId(1), brand: card.mention.brand.clone() };
    PendingNotice {
        id: NoticeId(7),
        notice: Notice { kind, at: now(), backlog: false },
        is_past: false,
        card: Some(card),
        told_by: Vec::new(),
    }
}

fn route(name: &str) -> Route {
    Route {
        name: RouteName(name.to_owned()),
        channels: vec![ChannelName("mail".to_owned()), ChannelName("hook".to_owned())],
        brands: Vec::new(),
        min_score: 0.0,
        surprise_only: false,
        sources: false,
        query: None,
    }
}

fn settings(routes: Vec<Route>) -> Settings {
    let relay = Relay {
        host: "mail.example.com".to_owned(),
        port: 587,
        security: MailSecurity::StartTls,
        login: None,
        private: false,
        timeout: Duration::from_secs(30),
    };
    let to = vec!["a@example.com".to_owned(), "b@example.com".to_owned()];
    let channel = |name: &str, kind| Channel { name: ChannelName(name.to_owned()), kind };
    Settings {
        links: None,
        channels: vec![
            channel("mail", ChannelKind::Email { relay, from: "listen@example.com".to_owned(), to }),
            channel(
                "hook",
                ChannelKind::Webhook { url: "https://h.example/".to_owned(), secret: None, private: false },
            ),
        ],
        routes,
        language: "en".to_owned(),
        zone: "America/New_York".to_owned(),
    }
}

fn verdict_of(pending: &PendingNotice, route: Route, brand: Option<&Brand>) -> Verdict {
    decide(pending, &settings(vec![route]), brand, now()).remove(0).verdict
}

#[test]
fn without_channels_everything_goes_to_the_terminal() {
    let decisions = decide(&pending(mortons()), &Settings::default(), None, now());
    assert_eq!(decisions.len(), 1);
    assert_eq!(decisions[0].verdict, Verdict::Send(VerdictReason::NewOpportunity));
    assert_eq!(decisions[0].alerts[0].channel, terminal_channel().name);
}

#[test]
fn each_recipient_gets_one_alert_with_a_key_of_its_own() {
    let alerts = decide(&pending(mortons()), &settings(vec![route("r")]), None, now()).remove(0).alerts;
    let keys: std::collections::BTreeSet<_> = alerts.iter().map(|alert| alert.key.clone()).collect();
    let to: Vec<_> = alerts.iter().map(|alert| alert.recipient.as_str()).collect();
    assert_eq!(to, ["a@example.com", "b@example.com", "https://h.example/"]);
    assert_eq!(keys.len(), 3);
    let again = decide(&pending(mortons()), &settings(vec![route("r")]), None, now()).remove(0).alerts;
    assert_eq!(alerts, again);
}

#[test]
fn routes_hold_what_they_do_not_take_and_say_why() {
    use VerdictReason::{BelowScore, Competitor, NoSurprise, OtherBrand};
    let notice = pending(mortons());
    let mut plain = mortons();
    plain.opportunity.as_mut().expect("one").judgement.surprise = false;
    let other = Route { brands: vec![BrandId::new("other")], ..route("r") };
    assert_eq!(verdict_of(&notice, other, None), Verdict::Hold(OtherBrand));
    assert_eq!(verdict_of(&notice, Route { min_score: 0.95, ..route("r") }, None), Verdict::Hold(BelowScore));
    let surprises = Route { surprise_only: true, ..route("r") };
    assert_eq!(verdict_of(&pending(plain), surprises.clone(), None), Verdict::Hold(NoSurprise));
    assert_eq!(verdict_of(&notice, surprises, None), Verdict::Send(VerdictReason::NewOpportunity));
    let asking = |query: &str| Route { query: Some(Query::parse(query).expect("a query")), ..route("r") };
    assert_eq!(verdict_of(&notice, asking("porterhouse newark"), None), Verdict::Send(VerdictReason::NewOpportunity));
    assert_eq!(verdict_of(&notice, asking("porterhouse -newark"), None), Verdict::Hold(VerdictReason::QueryNotMet));
    let rival = Brand { competitor: true, ..brand("mortons", "Morton's") };
    assert_eq!(verdict_of(&notice, route("r"), Some(&rival)), Verdict::Hold(Competitor));
}

#[test]
fn care_goes_out_below_any_score() {
    let strict = Route { min_score: 0.99, surprise_only: true, ..route("r") };
    assert_eq!(verdict_of(&pending(care()), strict, None), Verdict::Send(VerdictReason::Care));
}

#[test]
fn backlog_is_told_only_while_its_deadline_lies_ahead() {
    let backlog = |card| {
        let mut notice = pending(card);
        notice.notice.backlog = true;
        notice
    };
    assert_eq!(verdict_of(&backlog(mortons()), route("r"), None), Verdict::Send(VerdictReason::DeadlineAhead));
    assert_eq!(verdict_of(&backlog(care()), route("r"), None), Verdict::Hold(VerdictReason::Backlog));
    let later = now() + jiff::SignedDuration::from_hours(3);
    let decided = decide(&backlog(mortons()), &settings(vec![route("r")]), None, later).remove(0);
    assert_eq!(decided.verdict, Verdict::Hold(VerdictReason::Backlog));
}

#[test]
fn news_of_sources_goes_where_it_is_asked_for() {
    let kind = NoticeKind::SourceTrouble { source: SourceName::new("s"), cause: None, message: "no answer".to_owned() };
    let notice = PendingNotice {
        id: NoticeId(8),
        notice: Notice { kind, at: now(), backlog: false },
        is_past: false,
        card: None,
        told_by: Vec::new(),
    };
    assert_eq!(verdict_of(&notice, route("r"), None), Verdict::Hold(VerdictReason::SourcesNotAsked));
    let asked = Route { sources: true, ..route("r") };
    assert_eq!(verdict_of(&notice, asked, None), Verdict::Send(VerdictReason::SourceChanged));
}

#[test]
fn trouble_of_a_channel_goes_by_another_one_and_else_by_none() {
    let part = |name: &str| Part::Channel(ChannelName(name.to_owned()));
    let ways = |settings: &Settings, part: Part| {
        let kind = NoticeKind::HouseTrouble { part, message: "454".to_owned() };
        let notice = Notice { kind, at: now(), backlog: false };
        let notice = PendingNotice { id: NoticeId(8), notice, is_past: false, card: None, told_by: Vec::new() };
        let mut ways: Vec<String> = Vec::new();
        for decision in decide(&notice, settings, None, now()) {
            ways.extend(decision.alerts.iter().map(|alert| alert.channel.0.clone()));
        }
        ways.dedup();
        ways
    };
    let asked = Route { sources: true, channels: vec![ChannelName("mail".to_owned())], ..route("r") };
    let both = settings(vec![asked.clone(), route("unasked")]);
    assert_eq!(ways(&both, Part::Disk), ["mail"]);
    assert_eq!(ways(&both, part("mail")), ["hook"], "no route asks for it there, but it is about us");
    let mut alone = settings(vec![asked]);
    alone.channels.retain(|channel| channel.name.0 == "mail");
    assert!(ways(&alone, part("mail")).is_empty());
}

#[test]
fn an_item_that_is_gone_is_not_told() {
    let notice = PendingNotice { card: None, ..pending(mortons()) };
    assert_eq!(verdict_of(&notice, route("r"), None), Verdict::Hold(VerdictReason::ItemGone));
}

#[derive(Clone, Default)]
struct Paper(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

impl std::io::Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("not poisoned").write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn the_terminal_shows_the_card_without_the_small_print() {
    let paper = Paper::default();
    let terminal = Terminal::new(Box::new(paper.clone()));
    assert_eq!(
        terminal.deliver(&alert_with(render(&mortons(), "Morton's", &new_york(), now()))),
        Delivered::Acknowledged
    );
    let shown = String::from_utf8(paper.0.lock().expect("not poisoned").clone()).expect("UTF-8");
    assert!(shown.contains("1 h 59 min left") && shown.contains("24 min"), "{shown}");
    assert!(!shown.contains("this address") && !shown.contains("-- \n"), "{shown}");
}

#[test]
fn where_nobody_looks_the_terminal_gets_key_and_link_and_no_texts() {
    let paper = Paper::default();
    let terminal = Terminal::terse(Box::new(paper.clone()));
    let alert = alert_with(render(&mortons(), "Morton's", &new_york(), now()));
    assert_eq!(terminal.deliver(&alert), Delivered::Acknowledged);
    let shown = String::from_utf8(paper.0.lock().expect("not poisoned").clone()).expect("UTF-8");
    let link = alert.body.json.pointer("/data/item/url").and_then(|link| link.as_str()).expect("a link");
    assert_eq!(shown, format!("opportunity.found key={} link={link}\n", alert.key));
}

#[test]
fn ideas_quote_a_post_without_its_markup() {
    let mut card = mortons();
    if let Some(opportunity) = &mut card.opportunity {
        let slots = &mut opportunity.judgement.slots;
        slots.wish = Some(format!("porterhouse<script>alert(1)</script>\u{202e}{}", "x".repeat(5000)));
        slots.place = Some("\"><img src=x onerror=alert(1)>\u{2066}".to_owned());
    }
    for reader in [new_york(), berlin()] {
        let body = render(&card, "Morton's", &reader, now());
        assert!(body.text.contains("<script>"), "the text quotes it: {}", body.text);
        assert!(!body.html.contains("<script") && !body.html.contains("<img"), "{}", body.html);
        assert!(!body.html.contains(['\u{202e}', '\u{2066}']) && !body.text.contains(['\u{202e}', '\u{2066}']));
        let ideas =
            body.json.pointer("/data/ideas/gestures/0/do").and_then(serde_json::Value::as_str).expect("an idea");
        assert!(ideas.chars().count() < 400, "{ideas}");
    }
}
