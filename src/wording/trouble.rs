//! Why a source cannot be read, or what of our own does not work, and what a person can do: plain words, two languages.

use super::{Language, Reader, fill};
use crate::model::{Cause, Memory, Part, SourceHealth};
use jiff::Timestamp;

/// What is wrong, and what to do about it: two sentences.
#[must_use]
pub fn cause_words(cause: Cause, language: Language) -> (&'static str, &'static str) {
    match language {
        Language::En => english(cause),
        Language::De => german(cause),
    }
}

fn english(cause: Cause) -> (&'static str, &'static str) {
    match cause {
        Cause::SlowDown => (
            "The site asks us to slow down.",
            "Nothing to do: we wait as long as it asks. If it stays so, read it less often (`every`) or ask the site for access.",
        ),
        Cause::Closed => (
            "The site does not let us in.",
            "Open the address in a browser. If it opens there, the site keeps programs out: ask its owner, or choose another source.",
        ),
        Cause::BotWall => (
            "The site shows a wall against robots in place of what we asked for.",
            "Use a feed that the site offers to programs, or ask its owner to let porterhouse in.",
        ),
        Cause::Consent => (
            "The site asks for a consent before it shows anything.",
            "Nobody can consent for you here: use another address of the site, such as its feed.",
        ),
        Cause::Robots => (
            "The site's robots.txt forbids programs to read this page.",
            "Use the site's feed or interface, or ask its owner.",
        ),
        Cause::Withheld => {
            ("The site withholds this for legal reasons.", "It cannot be read from here; choose another source.")
        }
        Cause::Login => (
            "The site wants a login or a key.",
            "Renew the key of this source, or use an address that is open to everybody.",
        ),
        Cause::Secret => {
            ("A secret of this source is missing.", "Whoever runs porterhouse should check the secrets of this source.")
        }
        Cause::Token => (
            "The site grants us no access with the account of this source.",
            "Whoever runs porterhouse should check `login`, `key` and `refresh` of this source, and what that account may do.",
        ),
        Cause::Quota => (
            "The requests that this source may send are used up for now.",
            "Nothing to do: it is read again as soon as there are more. If it stays so, read it less often (`every`), or get a key with a larger quota.",
        ),
        Cause::Budget => (
            "The money that may be spent on this source is used up for this month.",
            "It is read again next month. To read it before, raise its `budget` in sources.toml.",
        ),
        Cause::NotFound => (
            "Nothing is at this address any more.",
            "We go on trying. If it stays so, look for the new address on the site and change sources.toml.",
        ),
        Cause::Gone => ("The site says that this address is gone for good.", "Remove the source from sources.toml."),
        Cause::ServerFault => (
            "The site's server has a fault.",
            "Nothing to do: we go on trying, with growing pauses. If it lasts for days, ask the site's owner.",
        ),
        Cause::NoAnswer => (
            "The site does not answer.",
            "We go on trying. Open the address in a browser; if it opens there, the network between us and the site is the reason.",
        ),
        Cause::Stalled => (
            "The stream fell silent without closing.",
            "Nothing to do: we connect again, to another host where there is one, and go on where we were.",
        ),
        Cause::Reconnecting => (
            "The stream broke off, and could not be opened again yet.",
            "Nothing to do: we go on trying, with growing pauses, and go on where we were.",
        ),
        Cause::Circle => (
            "The site sends us on and never arrives.",
            "Open the address in a browser, and use the one that it ends at.",
        ),
        Cause::TooLarge => ("The answer is larger than we read.", "Look for a smaller feed of this site."),
        Cause::NotAFeed => (
            "The site answers with something else than a feed.",
            "Open the address in a browser and look for the feed's new address on the site.",
        ),
        Cause::Damaged => (
            "What the site answers is damaged.",
            "We go on trying. If it stays so, tell the site's owner the line below.",
        ),
        Cause::Ours => ("Reading it failed inside porterhouse.", "Please report this with the line below."),
    }
}

fn german(cause: Cause) -> (&'static str, &'static str) {
    match cause {
        Cause::SlowDown => (
            "Die Website bittet uns, langsamer zu sein.",
            "Nichts zu tun: Wir warten so lange, wie sie will. Bleibt es dabei, lesen Sie sie seltener (`every`) oder bitten Sie dort um Zugang.",
        ),
        Cause::Closed => (
            "Die Website lässt uns nicht hinein.",
            "Öffnen Sie die Adresse im Browser. Öffnet sie sich dort, hält die Website Programme fern: Fragen Sie den Betreiber, oder wählen Sie eine andere Quelle.",
        ),
        Cause::BotWall => (
            "Die Website zeigt eine Sperre gegen Roboter statt dessen, was wir lesen wollten.",
            "Nehmen Sie einen Feed, den die Website Programmen anbietet, oder bitten Sie den Betreiber, porterhouse zuzulassen.",
        ),
        Cause::Consent => (
            "Die Website verlangt eine Einwilligung, bevor sie etwas zeigt.",
            "Hier kann niemand für Sie einwilligen: Nehmen Sie eine andere Adresse der Website, etwa ihren Feed.",
        ),
        Cause::Robots => (
            "Die robots.txt der Website verbietet Programmen diese Seite.",
            "Nehmen Sie den Feed oder die Schnittstelle der Website, oder fragen Sie den Betreiber.",
        ),
        Cause::Withheld => (
            "Die Website gibt dies aus rechtlichen Gründen nicht heraus.",
            "Von hier aus ist es nicht lesbar; wählen Sie eine andere Quelle.",
        ),
        Cause::Login => (
            "Die Website verlangt eine Anmeldung oder einen Schlüssel.",
            "Erneuern Sie den Schlüssel dieser Quelle, oder nehmen Sie eine Adresse, die allen offensteht.",
        ),
        Cause::Secret => (
            "Ein Geheimnis dieser Quelle fehlt.",
            "Wer porterhouse betreibt, sollte die Geheimnisse dieser Quelle prüfen.",
        ),
        Cause::Token => (
            "Die Website gewährt uns mit dem Konto dieser Quelle keinen Zugang.",
            "Wer porterhouse betreibt, sollte `login`, `key` und `refresh` dieser Quelle prüfen, und was dieses Konto darf.",
        ),
        Cause::Quota => (
            "Die Anfragen, die diese Quelle stellen darf, sind vorerst aufgebraucht.",
            "Nichts zu tun: Sie wird wieder gelesen, sobald es neue gibt. Bleibt es dabei, lesen Sie sie seltener (`every`), oder besorgen Sie einen Schlüssel mit größerem Kontingent.",
        ),
        Cause::Budget => (
            "Das Geld, das diese Quelle kosten darf, ist für diesen Monat ausgegeben.",
            "Sie wird nächsten Monat wieder gelesen. Soll es früher sein, erhöhen Sie ihr `budget` in sources.toml.",
        ),
        Cause::NotFound => (
            "Unter dieser Adresse ist nichts mehr.",
            "Wir versuchen es weiter. Bleibt es dabei, suchen Sie auf der Website die neue Adresse und ändern Sie sources.toml.",
        ),
        Cause::Gone => (
            "Die Website sagt, dass es diese Adresse auf Dauer nicht mehr gibt.",
            "Nehmen Sie die Quelle aus sources.toml.",
        ),
        Cause::ServerFault => (
            "Der Server der Website hat einen Fehler.",
            "Nichts zu tun: Wir versuchen es weiter, in wachsenden Abständen. Dauert es Tage, fragen Sie den Betreiber.",
        ),
        Cause::NoAnswer => (
            "Die Website antwortet nicht.",
            "Wir versuchen es weiter. Öffnen Sie die Adresse im Browser; öffnet sie sich dort, liegt es am Netz zwischen uns und der Website.",
        ),
        Cause::Stalled => (
            "Der Datenstrom ist verstummt, ohne zu enden.",
            "Nichts zu tun: Wir verbinden uns neu, wo möglich mit einem anderen Server, und machen weiter, wo wir waren.",
        ),
        Cause::Reconnecting => (
            "Der Datenstrom ist abgerissen und ließ sich noch nicht wieder öffnen.",
            "Nichts zu tun: Wir versuchen es weiter, in wachsenden Abständen, und machen weiter, wo wir waren.",
        ),
        Cause::Circle => (
            "Die Website schickt uns weiter und kommt nie an.",
            "Öffnen Sie die Adresse im Browser, und nehmen Sie die, bei der er ankommt.",
        ),
        Cause::TooLarge => {
            ("Die Antwort ist größer, als wir lesen.", "Suchen Sie auf der Website einen kleineren Feed.")
        }
        Cause::NotAFeed => (
            "Die Website antwortet mit etwas anderem als einem Feed.",
            "Öffnen Sie die Adresse im Browser und suchen Sie auf der Website die neue Adresse des Feeds.",
        ),
        Cause::Damaged => (
            "Was die Website antwortet, ist beschädigt.",
            "Wir versuchen es weiter. Bleibt es dabei, sagen Sie dem Betreiber die Zeile unten.",
        ),
        Cause::Ours => ("Das Lesen scheiterte in porterhouse selbst.", "Bitte melden Sie das mit der Zeile unten."),
    }
}

/// What to do about a source in this health, in one sentence; empty where there is nothing.
#[must_use]
pub fn advice(cause: Option<Cause>, health: SourceHealth, language: Language) -> &'static str {
    match (cause, health) {
        (Some(cause), _) => cause_words(cause, language).1,
        (None, SourceHealth::Quiet) => language.words().quiet_advice,
        (None, _) => "",
    }
}

/// Since when a quiet source had nothing new, and how often it has something.
#[must_use]
pub fn quiet_words(memory: &Memory, reader: &Reader, now: Timestamp) -> String {
    let words = reader.language.words();
    let since = memory.news_at.map(|at| reader.moment(at, now)).unwrap_or_default();
    let gap = reader.language.duration(memory.longest_gap_s.unwrap_or_default().into());
    fill(words.quiet_since, &[("time", &since), ("gap", &gap)])
}

/// What of our own does not work, as a headline, and what to do.
#[must_use]
pub fn part_words(part: &Part, language: Language) -> (String, &'static str) {
    let words = language.words();
    match part {
        Part::Disk => (words.house_disk.to_owned(), words.house_disk_advice),
        Part::Store => (words.house_store.to_owned(), words.house_store_advice),
        Part::Channel(name) => (fill(words.house_channel, &[("channel", &name.0)]), words.house_channel_advice),
        Part::Outbox => (words.house_outbox.to_owned(), words.house_outbox_advice),
        Part::Digest => (words.house_digest.to_owned(), words.house_digest_advice),
    }
}

/// The part of our own house that works again.
#[must_use]
pub fn part_name(part: &Part, language: Language) -> String {
    let words = language.words();
    match part {
        Part::Disk => words.part_disk.to_owned(),
        Part::Store => words.part_store.to_owned(),
        Part::Channel(name) => fill(words.part_channel, &[("channel", &name.0)]),
        Part::Outbox => words.part_outbox.to_owned(),
        Part::Digest => words.part_digest.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cause_is_told_with_a_way_out_in_both_languages() {
        for cause in Cause::ALL {
            let [en, de] = Language::ALL.map(|language| cause_words(*cause, language));
            assert_ne!(en, de);
            for sentence in [en.0, en.1, de.0, de.1] {
                assert!(sentence.ends_with('.') && !sentence.contains('!'), "{sentence}");
            }
        }
    }
}
