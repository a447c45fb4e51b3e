//! The table of words: English and German side by side.
//!
//! Tone: plain and short, present tense, the thing first, then the reason, then the way out. A number has its
//! comparison. "We" is porterhouse, "you" the team. No exclamation marks, no praise of ourselves.

use super::Plural;

macro_rules! words {
    ($($key:ident: $en:literal, $de:literal;)* ; $($many:ident: $en1:literal, $en2:literal, $de1:literal, $de2:literal;)*) => {
        /// Everything porterhouse says in a mail, in one language. The fields are documented by their English text.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct Words {
            $(#[doc = $en] pub $key: &'static str,)*
            $(#[doc = $en2] pub $many: Plural,)*
        }
        /// English.
        pub(super) static EN: Words = Words { $($key: $en,)* $($many: Plural { one: $en1, other: $en2 },)* };
        /// German.
        pub(super) static DE: Words = Words { $($key: $de,)* $($many: Plural { one: $de1, other: $de2 },)* };
        /// Each key with its phrases, for the tests.
        #[cfg(test)]
        const ALL: &[(&str, &[(&str, &str)])] = &[
            $((stringify!($key), &[($en, $de)]),)*
            $((stringify!($many), &[($en1, $de1), ($en2, $de2), ($en1, $en2)]),)*
        ];
    };
}

words! {
    // Times.
    yesterday: "yesterday", "gestern";
    tomorrow: "tomorrow", "morgen";
    under_a_minute: "under 1 min", "unter 1 min";
    local_time: "{time} there", "dort {time}";
    time_left: "{time} left", "noch {time}";
    time_gone: "{time} too late", "{time} zu spät";

    // Links in mails, and the pages that they lead to.
    links: "With one click", "Mit einem Klick";
    link_done: "Somebody acted on it", "Jemand hat gehandelt";
    link_dismiss: "Nobody has to act", "Niemand muss handeln";
    link_other_brand: "Another brand is meant", "Eine andere Marke ist gemeint";
    link_in_an_hour: "Remind me in an hour", "In einer Stunde erinnern";
    link_tomorrow: "Remind me tomorrow at 9", "Morgen um 9 Uhr erinnern";
    again: "Again", "Noch einmal";
    links_note: "Each link asks once more before it does something, and works for 7 days.", "Jeder Link fragt noch einmal nach, bevor er etwas tut, und gilt 7 Tage.";
    page_ask: "“{act}”: is that so of post {item} about {brand}?", "„{act}“: Stimmt das für Beitrag {item} zu {brand}?";
    page_ask_later: "“{act}”: shall the card of post {item} about {brand} come again?", "„{act}“: Soll die Karte zu Beitrag {item} über {brand} noch einmal kommen?";
    page_later: "The card comes again: {time}.", "Die Karte kommt noch einmal: {time}.";
    page_too_late: "That would be too late: what can be done has to be done before.", "Das wäre zu spät: Was noch geht, muss vorher geschehen.";
    page_done: "It is noted.", "Das ist vermerkt.";
    page_already: "That was noted before. Nothing has changed.", "Das war schon vermerkt. Es hat sich nichts geändert.";
    page_gone: "This post is not kept any more.", "Dieser Beitrag ist nicht mehr gespeichert.";
    page_expired: "This link has expired: links work for 7 days. Whoever runs porterhouse can still note it, with porterhouse correct.", "Dieser Link ist abgelaufen: Links gelten 7 Tage. Wer porterhouse betreibt, kann es noch vermerken, mit porterhouse correct.";
    page_wrong: "This link does not hold. Either it was changed on its way, or what it speaks of is not kept any more.", "Dieser Link gilt nicht. Entweder wurde er unterwegs verändert, oder das, wovon er spricht, ist nicht mehr gespeichert.";
    page_leave: "No more digests to this address?", "Keine Übersichten mehr an diese Adresse?";
    page_left: "No more digests are sent to this address. Whoever runs porterhouse can put you back.", "An diese Adresse gehen keine Übersichten mehr. Wer porterhouse betreibt, kann Sie wieder aufnehmen.";
    page_leave_alerts: "No more alerts about posts to this address?", "Keine Meldungen über Beiträge mehr an diese Adresse?";
    page_left_alerts: "No more alerts about posts are sent to this address. Whoever runs porterhouse can put you back.", "An diese Adresse gehen keine Meldungen über Beiträge mehr. Wer porterhouse betreibt, kann Sie wieder aufnehmen.";
    unsubscribe: "Unsubscribe", "Abbestellen";

    // The head of an alert.
    opportunity: "Opportunity", "Gelegenheit";
    care_case: "With care", "Mit Bedacht";
    somebody: "Somebody", "Jemand";
    care_subject: "To be read with care: {who}", "Mit Bedacht zu lesen: {who}";
    care_headline: "{who} may be going through something hard.", "{who} macht vielleicht etwas Schweres durch.";
    care_lead: "One person should read this and decide whether an answer helps. It is not a moment for a gift or a campaign.", "Ein Mensch sollte das lesen und entscheiden, ob eine Antwort hilft. Es ist kein Anlass für ein Geschenk oder eine Aktion.";
    posted: "Posted {time}, read {seen}.", "Geschrieben {time}, gelesen {seen}.";
    read_only: "Read {seen}; when it was posted is not known.", "Gelesen {seen}; wann es geschrieben wurde, ist nicht bekannt.";
    open_original: "Open the original", "Original öffnen";
    the_original: "The original on {host}", "Das Original auf {host}";
    no_link: "The source gives no link to it.", "Die Quelle nennt keinen Link dazu.";
    no_text: "The post has no text that we could read.", "Der Beitrag hat keinen Text, den wir lesen konnten.";

    // The preview line, which stands first in plain text.
    preview_slack: "{slack} slack if {outlet} starts now.", "{slack} Spielraum, wenn {outlet} jetzt beginnt.";
    preview_short: "{outlet} is {slack} short, even if it starts now.", "{outlet} fehlen {slack}, auch wenn es jetzt losgeht.";
    preview_outlet: "{outlet} is nearest, {distance}.", "{outlet} ist am nächsten, {distance}.";
    preview_missed: "Cannot be done in time: {why}.", "Nicht mehr zu schaffen: {why}.";
    preview_by: "By {time}.", "Bis {time}.";
    preview_contact: "Contact: {contact}.", "Kontakt: {contact}.";

    // Ideas.
    section_ideas: "What could be done", "Was sich tun lässt";
    because: "Because: {what}", "Weil: {what}";
    say_it: "Words to start from ({language}): ", "Worte für den Anfang ({language}): ";
    avoid_it: "Careful: {what}.", "Vorsicht: {what}.";
    ask_first: "This was not said to you: ask before you step in.", "Das war nicht an Sie gerichtet: erst fragen, dann handeln.";
    too_slow: "Takes longer than there is time.", "Dauert länger, als Zeit ist.";
    idea: "Idea: {what}.", "Idee: {what}.";

    // Time.
    section_time: "How much time there is", "Wie viel Zeit ist";
    as_of: "As of {time}", "Stand {time}";
    by_when: "By", "Bis";
    said_words: "{time}, said as {words}", "{time}, gesagt mit {words}";
    left: "Time left", "Verbleibend";
    approve: "Approve", "Freigeben";
    wait: "Until it opens", "Bis geöffnet ist";
    prepare: "Prepare", "Vorbereiten";
    travel: "On the way", "Unterwegs";
    slack: "Slack", "Spielraum";
    short_by: "Short by", "Es fehlen";
    needs: "From a yes to the guest", "Vom Ja bis zum Gast";
    no_deadline: "No deadline is named.", "Eine Frist ist nicht genannt.";
    deadline_passed: "The moment has passed.", "Der Moment ist vorbei.";
    bar_slack: "Of {total}, {slack} are slack.", "Von {total} sind {slack} Spielraum.";
    missed: "Missed", "Verpasst";
    missed_passed: "the moment passed {time} ago", "der Moment ist seit {time} vorbei";
    missed_late: "too late by {time}", "um {time} zu spät";
    missed_closed: "closed, no outlet can begin in time", "geschlossen, kein Standort kann rechtzeitig beginnen";
    missed_until: "closed, no outlet can begin before {time}", "geschlossen, kein Standort kann vor {time} beginnen";
    missed_reach: "nobody within reach: {outlet} is {distance} away and goes {reach}", "niemand in Reichweite: {outlet} ist {distance} entfernt und fährt {reach}";
    missed_map: "no outlet on the map", "kein Standort auf der Karte";
    missed_idle: "nobody said that it was done; there was time until {time}", "niemand hat gesagt, dass es getan ist; Zeit war bis {time}";
    bar_short: "It takes {needed}, {left} are left.", "Es braucht {needed}, {left} bleiben.";

    // Where.
    section_where: "Where, and who of you is near", "Wo, und wer von Ihnen ist nah";
    place: "Place", "Ort";
    nearest: "Nearest", "Am nächsten";
    straight_line: "{distance} as the crow flies", "{distance} Luftlinie";
    distance: "Distance", "Entfernung";
    contact: "Contact", "Kontakt";
    no_contact: "none on file", "keiner hinterlegt";
    hours: "Hours", "Öffnung";
    open_until: "open until {time}", "geöffnet bis {time}";
    open_always: "open around the clock", "rund um die Uhr geöffnet";
    opens_at: "opens {time}", "öffnet {time}";
    place_unknown: "{place} (not on our map)", "{place} (nicht auf unserer Karte)";
    place_which: "{place} (which one? {candidates})", "{place} (welcher Ort? {candidates})";
    no_outlet: "No place of your own is known nearby.", "In der Nähe ist kein eigener Standort bekannt.";

    // Who.
    section_who: "Who is speaking", "Wer spricht";
    loyal: "Loyal", "Treue";
    reach: "Reach", "Reichweite";
    not_known: "not known", "nicht bekannt";
    first_time: "first mention of you", "erste Erwähnung von Ihnen";
    feeling: "Feeling", "Stimmung";
    feeling_about: "About", "Worüber";
    emotion: "Emotion", "Gefühl";
    touchpoint: "Met you by", "Berührung";
    kind_of: "Kind", "Art";
    phase: "Phase", "Phase";
    said_where: "Said", "Gesagt";
    said_to_you: "to you", "zu Ihnen";
    overheard: "overheard", "anderswo gesagt";

    // Why.
    section_why: "Why we think so", "Warum wir das denken";
    score_of_one: "{score} of 1", "{score} von 1";
    further_reasons: "Further reasons, together", "Weitere Gründe, zusammen";
    no_reasons: "No reasons are on file.", "Gründe sind nicht hinterlegt.";
    why_mail: "This mail comes because porterhouse.toml sends opportunities to this address. Whoever runs porterhouse can change that there.", "Diese Mail kommt, weil porterhouse.toml Gelegenheiten an diese Adresse schickt. Wer porterhouse betreibt, kann das dort ändern.";
    time_note: "Times: {zone}.", "Zeiten: {zone}.";

    // Sources.
    source: "Source", "Quelle";
    source_trouble: "{source} cannot be read", "{source} ist nicht lesbar";
    source_recovered: "{source} is read again", "{source} wird wieder gelesen";
    source_silence: "Until it can be read again, silence from it means nothing. The other sources go on.", "Bis sie wieder lesbar ist, heißt Stille von dort nichts. Die anderen Quellen laufen weiter.";
    source_back: "What it still offers from the time between is read too.", "Was sie aus der Zwischenzeit noch anbietet, wird mitgelesen.";
    source_since: "Noticed {time}.", "Bemerkt {time}.";
    source_moved: "{source} has moved", "{source} ist umgezogen";
    moved_to: "It is read at {url} from now on.", "Gelesen wird sie ab jetzt unter {url}.";
    moved_advice: "Its server said so three times in a row. Please update its address in sources.toml.", "Ihr Server hat das dreimal in Folge gesagt. Bitte ändern Sie ihre Adresse in sources.toml.";
    in_detail: "In detail: {message}", "Im Einzelnen (auf Englisch): {message}";
    quiet_advice: "Look whether the site still publishes at this address.", "Sehen Sie nach, ob die Website dort noch veröffentlicht.";
    quiet_since: "Nothing new since {time}; before, no silence was longer than {gap}.", "Nichts Neues seit {time}; davor war keine Pause länger als {gap}.";
    section_quiet: "Quiet longer than usual", "Stiller als gewöhnlich";
    quiet_note: "They could be read; nobody wrote there.", "Sie waren lesbar; dort hat niemand geschrieben.";

    // Our own house.
    house: "Porterhouse itself", "Porterhouse selbst";
    section_house: "What of our own does not work", "Was bei uns selbst nicht geht";
    house_disk: "The disk is nearly full", "Die Festplatte ist fast voll";
    house_disk_advice: "Make room on the disk with the data folder. When it is full, nothing new is kept and nothing is sent.", "Schaffen Sie Platz auf der Festplatte mit dem Datenordner. Ist sie voll, wird nichts Neues behalten und nichts verschickt.";
    house_store: "The database fails", "Die Datenbank versagt";
    house_store_advice: "The service ends and is started again by its supervisor. Whoever runs porterhouse should look for a full disk, missing rights or a damaged file.", "Der Dienst endet und wird von seinem Aufseher neu gestartet. Wer porterhouse betreibt, sollte nach voller Festplatte, fehlenden Rechten oder einer beschädigten Datei sehen.";
    house_channel: "The channel {channel} does not take messages", "Der Kanal {channel} nimmt keine Nachrichten an";
    house_channel_advice: "Look at its server and its login. What waits is kept and sent as soon as it takes messages again.", "Prüfen Sie seinen Server und die Anmeldung dort. Was wartet, bleibt liegen und geht hinaus, sobald er wieder annimmt.";
    house_outbox: "Messages pile up in the outbox", "Im Postausgang stauen sich Nachrichten";
    house_outbox_advice: "Look whether the channels take messages, and whether a route sends more than anybody reads.", "Prüfen Sie, ob die Kanäle annehmen und ob eine Route mehr schickt, als jemand liest.";
    house_digest: "A digest was not sent", "Eine Übersicht ging nicht hinaus";
    house_digest_advice: "Look at the channel of the digest. It is kept and sent as soon as that works.", "Prüfen Sie den Kanal der Übersicht. Sie bleibt liegen und geht hinaus, sobald er wieder annimmt.";
    part_disk: "The disk", "Die Festplatte";
    part_store: "The database", "Die Datenbank";
    part_channel: "The channel {channel}", "Der Kanal {channel}";
    part_outbox: "The outbox", "Der Postausgang";
    part_digest: "The digest", "Die Übersicht";
    house_recovered: "{part} works again", "{part}: geht wieder";
    house_back: "What waited goes out now.", "Was gewartet hat, geht jetzt hinaus.";
    house_why: "This message comes here because it is about porterhouse itself, and the usual way may be the one that fails.", "Diese Nachricht kommt hierher, weil sie porterhouse selbst betrifft und der übliche Weg vielleicht gerade der gestörte ist.";
    why_source_mail: "This mail comes because porterhouse.toml sends news of sources to this address. Whoever runs porterhouse can change that there.", "Diese Mail kommt, weil porterhouse.toml Nachrichten über Quellen an diese Adresse schickt. Wer porterhouse betreibt, kann das dort ändern.";

    // After an edit.
    turned_subject: "Changed by its author ({brand})", "Vom Verfasser geändert ({brand})";
    turned_deadline: "The deadline is now {time}.", "Die Frist ist jetzt {time}.";
    turned_no_deadline: "It names no deadline any more.", "Eine Frist steht nicht mehr darin.";
    turned_place: "The place is now {place}.", "Der Ort ist jetzt {place}.";
    turned_no_place: "It names no place any more.", "Ein Ort steht nicht mehr darin.";
    turned_kinds: "It is now: {kinds}.", "Es ist jetzt: {kinds}.";
    turned_kinds_care: "It reads differently now; please read it again.", "Es liest sich jetzt anders; bitte lesen Sie es noch einmal.";
    turned_vanished: "After the edit there is nothing left to act on.", "Nach der Änderung gibt es nichts mehr zu tun.";

    // Digest.
    digest_kicker: "The day for {brands}", "Der Tag für {brands}";
    digest_subject: "{day}: {what}", "{day}: {what}";
    quiet_day: "a quiet day", "ein ruhiger Tag";
    quiet_line: "Nothing needs a hand: {items} from {sources}, none about your brands.", "Nichts braucht eine Hand: {items} aus {sources}, nichts über Ihre Marken.";
    quiet_line_mentions: "Nothing needs a hand: {mentions} among {items}.", "Nichts braucht eine Hand: {mentions} unter {items}.";
    nothing_read: "Nothing could be read, so this silence means nothing.", "Nichts war lesbar; diese Stille heißt also nichts.";
    section_open: "Still in time", "Noch zu schaffen";
    section_missed: "Could not be done in time", "Nicht mehr geschafft";
    section_care: "To be read with care", "Mit Bedacht zu lesen";
    section_waiting: "Still waiting for an answer", "Warten noch auf Antwort";
    waiting_since: "waiting {time}", "wartet {time}";
    section_feeling: "Feeling by brand and phase", "Stimmung nach Marke und Phase";
    feeling_note: "Positive minus negative, as a share of all: −1 is all bad, +1 all good. With it, the number of mentions.", "Positive minus negative, als Anteil an allen: −1 ist alles schlecht, +1 alles gut. Dazu die Zahl der Erwähnungen.";
    under_ten: "under 10", "unter 10";
    none: "none", "keine";
    section_pains: "Where it hurts", "Wo es wehtut";
    pains_note: "What bad mentions of the last seven days are about. In brackets: the seven days before.", "Worum es in schlechten Erwähnungen der letzten sieben Tage geht. In Klammern: die sieben Tage davor.";
    section_top: "Worth reading", "Lesenswert";
    section_unread: "What we could not read", "Was wir nicht lesen konnten";
    all_read: "Everything could be read: {sources}.", "Alles war lesbar: {sources}.";
    no_sources: "No source has been read yet.", "Noch ist keine Quelle gelesen.";
    read_of: "{read} of {all} could be read.", "{read} von {all} waren lesbar.";
    unread_line: "{health} since {time}.", "{health} seit {time}.";
    unread_state: "{health}.", "{health}.";
    last_read: "Last read {time}.", "Zuletzt gelesen {time}.";
    digest_every: "Every day at {time} ({zone}).", "Täglich um {time} ({zone}).";
    digest_span: "This mail covers {from} to {to}: {items} seen, {mentions} kept.", "Diese Mail reicht von {from} bis {to}: {items} gesehen, {mentions} behalten.";
    digest_folded: "This mail folds {days} together, since {from}: no digest was made in between.", "Diese Mail fasst {days} zusammen, seit {from}: dazwischen entstand keine Übersicht.";
    digest_reach: "It looks back no further than {days}.", "Weiter als {days} blickt sie nicht zurück.";
    digest_why: "This mail comes because porterhouse.toml names this address. Whoever runs porterhouse can change that there.", "Diese Mail kommt, weil porterhouse.toml diese Adresse nennt. Wer porterhouse betreibt, kann das dort ändern.";
    story: "Story", "Geschichte";
    retold: "{posts}, in {sources}.", "{posts}, in {sources}.";
    retold_reach: "{posts}, in {sources}, to {followers}.", "{posts}, in {sources}, an {followers}.";
    ;
    n_days: "{n} day", "{n} days", "{n} Tag", "{n} Tage";
    n_followers: "{n} follower", "{n} followers", "{n} Follower", "{n} Follower";
    n_earlier: "{n} earlier mention of you", "{n} earlier mentions of you", "{n} frühere Erwähnung von Ihnen", "{n} frühere Erwähnungen von Ihnen";
    n_items: "{n} post", "{n} posts", "{n} Beitrag", "{n} Beiträge";
    n_sources: "{n} source", "{n} sources", "{n} Quelle", "{n} Quellen";
    n_mentions: "{n} mention", "{n} mentions", "{n} Erwähnung", "{n} Erwähnungen";
    n_open: "{n} opportunity is still in time", "{n} opportunities are still in time", "{n} Gelegenheit ist noch zu schaffen", "{n} Gelegenheiten sind noch zu schaffen";
    n_care: "{n} post asks for care", "{n} posts ask for care", "{n} Beitrag braucht Bedacht", "{n} Beiträge brauchen Bedacht";
    n_missed: "{n} could not be done in time", "{n} could not be done in time", "{n} war nicht mehr zu schaffen", "{n} waren nicht mehr zu schaffen";
    n_deleted: "{n} post that you were told of was deleted by its author; its card is closed.", "{n} posts that you were told of were deleted by their authors; their cards are closed.", "{n} Beitrag, der Ihnen gemeldet war, wurde vom Verfasser gelöscht; die Karte ist geschlossen.", "{n} Beiträge, die Ihnen gemeldet waren, wurden von ihren Verfassern gelöscht; die Karten sind geschlossen.";
    n_waiting: "{n} person waits for an answer", "{n} people wait for an answer", "{n} Mensch wartet auf Antwort", "{n} Menschen warten auf Antwort";
    n_unread: "{n} source could not be read", "{n} sources could not be read", "{n} Quelle war nicht lesbar", "{n} Quellen waren nicht lesbar";
    n_tellings: "{n} post tells this", "{n} posts tell this", "{n} Beitrag erzählt dies", "{n} Beiträge erzählen dies";
    n_more: "and {n} more", "and {n} more", "und {n} weitere", "und {n} weitere";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn places(phrase: &str) -> BTreeSet<&str> {
        phrase.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name)).collect()
    }

    #[test]
    fn both_languages_say_everything_with_the_same_places_to_fill() {
        for (key, pairs) in ALL {
            for (left, right) in *pairs {
                assert!(!left.is_empty() && !right.is_empty(), "`{key}` is empty in one language");
                assert_eq!(places(left), places(right), "`{key}` fills other places in German");
            }
        }
    }

    #[test]
    fn nothing_of_ours_is_shouted() {
        for (key, pairs) in ALL {
            assert!(pairs.iter().all(|(left, right)| !left.contains('!') && !right.contains('!')), "`{key}`");
        }
    }
}
