//! Links in mails that do one thing each: signed, so that nobody but this house can make one, and expiring.
//!
//! In: what a link is to do. Out: its address; and back from a path to what it says, or nothing. A link of an act
//! names an item by its row; the seal holds the item's own key as well, so that no other item can take its place.

use crate::text::SealKey;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// How long a link of an act can be used.
pub const ACT_LIFE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// The hour of the next day at which a card comes again.
const MORNING: i8 = 9;

/// The longest path that can be one of ours.
const PATH_LIMIT_BYTES: usize = 512;

/// What a link of an act does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// Somebody acted on it.
    Done,
    /// Nobody has to act on it.
    Dismiss,
    /// Another one is meant, not this brand.
    OtherBrand,
    /// The card comes again in an hour.
    InAnHour,
    /// The card comes again on the next day at nine.
    Tomorrow,
}

impl Act {
    /// Every act, in the order of a mail.
    pub const ALL: [Self; 5] = [Self::Done, Self::Dismiss, Self::OtherBrand, Self::InAnHour, Self::Tomorrow];

    /// The word in the address.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Dismiss => "dismiss",
            Self::OtherBrand => "other-brand",
            Self::InAnHour => "in-an-hour",
            Self::Tomorrow => "tomorrow",
        }
    }

    /// When the card comes again where this is done at `now`, by the clock of `zone`; `None` for what does not put off.
    #[must_use]
    pub fn later_at(self, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        match self {
            Self::Done | Self::Dismiss | Self::OtherBrand => None,
            Self::InAnHour => now.checked_add(SignedDuration::from_hours(1)).ok(),
            Self::Tomorrow => {
                let day = zone.to_datetime(now).date().tomorrow().ok()?;
                Some(day.at(MORNING, 0, 0, 0).to_zoned(zone.clone()).ok()?.timestamp())
            }
        }
    }
}

/// What a link of an act says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActLink {
    /// What it does.
    pub act: Act,
    /// The row of the item.
    pub item: i64,
    /// The brand's id.
    pub brand: String,
    /// The last second in which it can be used, since 1970.
    pub until: i64,
    /// The seal, not checked yet.
    pub seal: String,
}

/// What the link that unsubscribes says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaveLink {
    /// The list that is left: `digest`.
    pub list: String,
    /// The hash of the recipient: an address has no business in the logs of proxies.
    pub recipient_hash: String,
    /// The seal, not checked yet.
    pub seal: String,
}

/// What makes and checks links: where the house is reached, and its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Links {
    /// The public address, without a slash at its end.
    pub base: String,
    /// The key.
    pub key: SealKey,
}

impl Links {
    /// The address that does `act` to what the item in row `item`, whose key has the hash `key_hash`, says of `brand`.
    #[must_use]
    pub fn act(&self, act: Act, (item, key_hash): (i64, u64), brand: &str, now: Timestamp) -> String {
        let until = now.saturating_add(ACT_LIFE).map_or(i64::MAX, Timestamp::as_second);
        let link = ActLink { act, item, brand: brand.to_owned(), until, seal: String::new() };
        let seal = self.key.seal(&act_parts(&link, key_hash).each_ref().map(String::as_str));
        format!("{}/a/{}/{item}/{brand}/{until}/{seal}", self.base, act.as_str())
    }

    /// Whether the seal of `link` is ours, given the hash of the key of the item that it names.
    #[must_use]
    pub fn is_act(&self, link: &ActLink, key_hash: u64) -> bool {
        self.key.holds(&act_parts(link, key_hash).each_ref().map(String::as_str), &link.seal)
    }

    /// The address by which `recipient` leaves `list`. It does not expire: old mails are answered as well.
    #[must_use]
    pub fn leave(&self, list: &str, recipient: &str) -> String {
        let hash = recipient_hash(recipient);
        let seal = self.key.seal(&["leave", list, &hash]);
        format!("{}/u/{list}/{hash}/{seal}", self.base)
    }

    /// Whether the seal of `link` is ours.
    #[must_use]
    pub fn is_leave(&self, link: &LeaveLink) -> bool {
        self.key.holds(&["leave", &link.list, &link.recipient_hash], &link.seal)
    }
}

/// What a path below `/a/` says, if it has the form of a link.
#[must_use]
pub fn act_link(path: &str) -> Option<ActLink> {
    let [act, item, brand, until, seal] = segments(path, "/a/")?;
    let act = Act::ALL.into_iter().find(|known| known.as_str() == act)?;
    let (item, until) = (number(item)?, number(until)?);
    Some(ActLink { act, item, brand: brand.to_owned(), until, seal: seal.to_owned() })
}

/// What a path below `/u/` says, if it has the form of a link.
#[must_use]
pub fn leave_link(path: &str) -> Option<LeaveLink> {
    let [list, hash, seal] = segments(path, "/u/")?;
    Some(LeaveLink { list: list.to_owned(), recipient_hash: hash.to_owned(), seal: seal.to_owned() })
}

/// By which a recipient is named in an address.
#[must_use]
pub fn recipient_hash(recipient: &str) -> String {
    crate::text::hash_hex(&["recipient", recipient])
}

fn act_parts(link: &ActLink, key_hash: u64) -> [String; 6] {
    let brand = link.brand.clone();
    [
        "act".to_owned(),
        link.act.as_str().to_owned(),
        link.item.to_string(),
        brand,
        link.until.to_string(),
        key_hash.to_string(),
    ]
}

fn segments<'p, const N: usize>(path: &'p str, start: &str) -> Option<[&'p str; N]> {
    let rest = path.strip_prefix(start).filter(|_| path.len() <= PATH_LIMIT_BYTES)?;
    let is_plain = |part: &&str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    };
    let parts: Vec<&str> = rest.split('/').collect();
    parts.iter().all(is_plain).then_some(())?;
    parts.try_into().ok()
}

/// A number as we write it: one number, one text.
fn number(text: &str) -> Option<i64> {
    text.parse().ok().filter(|number: &i64| *number >= 0 && number.to_string() == text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn links() -> Links {
        Links { base: "https://listen.example".to_owned(), key: SealKey::new([1; 32]) }
    }

    fn path(url: &str) -> &str {
        url.strip_prefix("https://listen.example").expect("ours")
    }

    #[test]
    fn a_recipient_is_not_named_in_the_address() {
        let url = links().leave("digest", "marketing@example.com");
        assert!(!url.contains("marketing"), "{url}");
        let link = leave_link(path(&url)).expect("a link");
        assert!(links().is_leave(&link));
        assert!(!links().is_leave(&LeaveLink { list: "alerts".to_owned(), ..link }));
    }

    #[test]
    fn tomorrow_is_nine_by_the_clock_of_the_team() {
        let zone = TimeZone::get("Europe/Berlin").expect("a zone");
        // The night in which the clock goes forward.
        let now: Timestamp = "2026-03-28T22:30:00Z".parse().expect("a time");
        assert_eq!(
            Act::Tomorrow.later_at(now, &zone).map(|at| at.to_string()).as_deref(),
            Some("2026-03-29T07:00:00Z")
        );
        assert_eq!(
            Act::InAnHour.later_at(now, &zone).map(|at| at.to_string()).as_deref(),
            Some("2026-03-28T23:30:00Z")
        );
        assert_eq!(Act::Done.later_at(now, &zone), None);
    }

    proptest! {
        #[test]
        fn a_link_says_what_it_was_made_for_and_nothing_else(
            act in prop::sample::select(Act::ALL.to_vec()),
            other in prop::sample::select(Act::ALL.to_vec()),
            item in 0..i64::MAX,
            key_hash: u64,
            brand in "[a-z0-9][a-zA-Z0-9_.-]{0,20}",
            second in 0..4_000_000_000_i64,
            later in 1..1_000_000_000_i64,
        ) {
            let now = Timestamp::from_second(second).expect("a time");
            let url = links().act(act, (item, key_hash), &brand, now);
            let link = act_link(path(&url)).expect("a link");
            prop_assert_eq!((link.act, link.item, link.brand.as_str()), (act, item, brand.as_str()));
            prop_assert_eq!(link.until - second, ACT_LIFE.as_secs());
            prop_assert!(links().is_act(&link, key_hash));
            prop_assert!(!links().is_act(&link, key_hash ^ 1));
            let prolonged = ActLink { until: link.until + later, ..link.clone() };
            prop_assert!(!links().is_act(&prolonged, key_hash));
            prop_assert_eq!(links().is_act(&ActLink { act: other, ..link }, key_hash), act == other);
        }

        #[test]
        fn any_path_is_read_or_refused(path in "/[au]/.{0,200}") {
            if let Some(link) = act_link(&path) {
                prop_assert!(!links().is_act(&link, 0));
            }
            prop_assert!(leave_link(&path).is_none_or(|link| !links().is_leave(&link)));
        }
    }
}
