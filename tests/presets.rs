//! Services read by a preset: whatever happens while they are read, what is kept is what exists, each once.

use crate::support::{Dice, Listing, ListingSite, STYLES, TestHouse, listing_preset};
use jiff::{SignedDuration, Timestamp};
use porterhouse::model::{Batch, Cursor, Preset, Response, SourceHealth, SourceName, SourceSpec};
use porterhouse::source;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

const BASE: &str = "http://service.example";

/// As many answers as the pipeline asks for in one reading.
const ANSWERS_MOST: usize = 20;

fn spec(style: &str) -> SourceSpec {
    let preset: Preset = toml::from_str(&listing_preset(style, BASE)).expect("a preset");
    assert_eq!(source::json::check(&preset), Vec::new());
    let name = SourceName::new("s");
    SourceSpec { preset: Some(Arc::new(preset)), ..SourceSpec::new(name, "json", format!("{BASE}/list")) }
}

/// What is kept of a service, and how far it was read.
#[derive(Default)]
struct Reader {
    cursor: Cursor,
    kept: BTreeSet<i64>,
    problems: Vec<String>,
}

impl Reader {
    /// One reading as the pipeline does it: each answer is kept with its cursor, the first failure ends it.
    fn poll(&mut self, spec: &SourceSpec, listing: &mut Listing, mut between: impl FnMut(&mut Listing)) {
        let source = source::open(spec).expect("an engine");
        let now = Timestamp::from_second(listing.now).expect("in range");
        let mut open = source.start(&self.cursor, now);
        let mut n_answers = 0;
        while let Some(request) = open.pop() {
            n_answers += 1;
            let (status, headers, body) = listing.answer(&request.url);
            let headers = headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            let response = Response { status, url: request.url.clone(), headers, body: body.into() };
            let batch = match status {
                200 => source.read(&self.cursor, &request, &response, now).ok(),
                400 | 404 => source.refused(&self.cursor, &request, Some(status), now),
                _ => None,
            };
            let Some(Batch { items, deletions, mut next, cursor, problems, .. }) = batch else { return };
            self.cursor = cursor;
            let id = |id: &str| id.parse::<i64>().expect("a number");
            self.kept.extend(items.iter().map(|item| id(&item.key.id)));
            deletions.iter().for_each(|key| {
                self.kept.remove(&id(&key.id));
            });
            self.problems.extend(problems.into_iter().map(|problem| problem.message));
            if n_answers < ANSWERS_MOST {
                open.append(&mut next);
            }
            between(listing);
        }
    }
}

fn new_listing(style: &'static str, has_tombstones: bool) -> Listing {
    Listing { style, now: 1_772_816_400, has_tombstones, base: BASE.to_owned(), ..Listing::default() }
}

/// Something happens at the service; where pages are numbered, nothing vanishes while they are read.
fn happen(listing: &mut Listing, dice: &mut Dice, may_vanish: bool) {
    listing.now += 7;
    match dice.below(6) {
        0 | 1 => (0..=dice.below(3)).for_each(|_| {
            listing.write(0);
        }),
        // Indexed late.
        2 => {
            let ago = i64::try_from(dice.below(1_200)).expect("small");
            listing.write(ago);
        }
        3 if may_vanish => delete(listing, dice),
        _ => {}
    }
}

fn delete(listing: &mut Listing, dice: &mut Dice) {
    let n = listing.entries.len() as u64;
    let at = usize::try_from(dice.below(n)).expect("small");
    if let Some(entry) = listing.entries.get_mut(at) {
        entry.is_deleted = true;
    }
}

/// Whether a further page shifts when something vanishes.
fn is_numbered(style: &str) -> bool {
    matches!(style, "page" | "offset" | "link")
}

fn check_schedule(style: &'static str, seed: u64, has_tombstones: bool) -> Result<(), TestCaseError> {
    let (spec, mut dice) = (spec(style), Dice::new(seed));
    let mut listing = new_listing(style, has_tombstones);
    let mut reader = Reader::default();
    (0..dice.below(8)).for_each(|_| {
        listing.write(0);
    });
    let may_vanish = has_tombstones || !is_numbered(style);
    for _ in 0..24 {
        listing.now += 420;
        for _ in 0..dice.below(4) {
            happen(&mut listing, &mut dice, may_vanish);
        }
        if dice.hits(20) && !may_vanish {
            delete(&mut listing, &mut dice);
        }
        if dice.hits(40) {
            // After none, one or two good pages.
            let faults = [429, 503, 500, 200, 401];
            let fault = faults[usize::try_from(dice.below(5)).expect("small")];
            let after = dice.below(3);
            let mut n = 0;
            let mut fault_dice = Dice::new(dice.below(u64::MAX));
            if after == 0 {
                listing.faults.push_back((fault, Vec::new()));
            }
            reader.poll(&spec, &mut listing, |listing| {
                n += 1;
                if n == after {
                    listing.faults.push_back((fault, Vec::new()));
                }
                happen(listing, &mut fault_dice, may_vanish);
            });
            listing.faults.clear();
        } else {
            let mut calm_dice = Dice::new(dice.below(u64::MAX));
            reader.poll(&spec, &mut listing, |listing| happen(listing, &mut calm_dice, may_vanish));
        }
    }
    for _ in 0..8 {
        listing.now += 60;
        reader.poll(&spec, &mut listing, |_| {});
    }
    let gaps: Vec<_> = reader.problems.iter().filter(|told| told.contains("not read")).collect();
    prop_assert!(gaps.is_empty(), "{style} {seed}: {gaps:?}");
    let existing = || listing.entries.iter().filter(|entry| !entry.is_deleted).map(|entry| entry.id);
    let lost: Vec<i64> = existing().filter(|id| !reader.kept.contains(id)).collect();
    prop_assert!(lost.is_empty(), "{style} {seed}: lost {lost:?} of {} {}", listing.entries.len(), reader.cursor.0);
    let ever: BTreeSet<i64> = listing.entries.iter().map(|entry| entry.id).collect();
    prop_assert!(reader.kept.is_subset(&ever));
    // What was deleted is told as long as it is read again.
    let young = |id: &i64| listing.entries.iter().any(|entry| entry.id == *id && entry.at > listing.now - 1_200);
    let kept: BTreeSet<i64> = reader.kept.iter().copied().filter(young).collect();
    if has_tombstones {
        prop_assert_eq!(kept, existing().filter(young).collect::<BTreeSet<i64>>());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]
    #[test]
    fn after_any_schedule_of_faults_what_exists_is_kept(seed in any::<u64>(), has_tombstones in any::<bool>()) {
        for style in STYLES {
            check_schedule(style, seed, has_tombstones)?;
        }
    }
}

#[test]
fn pages_that_cannot_be_gone_on_with_are_not_walked_twice() {
    // A long walk was cut off, and its rest took up the pages of the next reading.
    for has_tombstones in [false, true] {
        check_schedule("link", 7_521_091_921_887_802_125, has_tombstones).expect("nothing is lost");
    }
}

#[test]
fn a_reading_that_is_cut_off_after_its_first_page_is_finished_by_the_next() {
    for style in STYLES {
        let spec = spec(style);
        let (mut listing, mut reader) = (new_listing(style, false), Reader::default());
        listing.write(0);
        reader.poll(&spec, &mut listing, |_| {});
        for _ in 0..25 {
            listing.now += 60;
            listing.write(0);
        }
        reader.poll(&spec, &mut listing, |listing| listing.faults.push_back((500, Vec::new())));
        assert!(reader.kept.len() < 26, "{style}");
        listing.faults.clear();
        listing.now += 60;
        reader.poll(&spec, &mut listing, |_| {});
        assert_eq!(reader.kept.len(), 26, "{style}");
    }
}

#[test]
fn what_moves_up_when_an_item_vanishes_is_found_by_the_second_walk() {
    let spec = spec("page");
    let (mut listing, mut reader) = (new_listing("page", false), Reader::default());
    listing.write(0);
    reader.poll(&spec, &mut listing, |_| {});
    for _ in 0..25 {
        listing.now += 300;
        listing.write(0);
    }
    // While the first page is read, one of its items vanishes: the first of the second page stands on the first now.
    let mut is_first = true;
    reader.poll(&spec, &mut listing, |listing| {
        if std::mem::take(&mut is_first) {
            listing.entries.last_mut().expect("an entry").is_deleted = true;
        }
    });
    assert_eq!(reader.kept.len(), 25);
    listing.now += 60;
    reader.poll(&spec, &mut listing, |_| {});
    assert_eq!(reader.kept.len(), 26);
}

#[test]
fn more_than_a_service_gives_is_told_as_a_gap() {
    let mut preset: Preset = toml::from_str(&listing_preset("page", BASE)).expect("a preset");
    (preset.request[0].paging.most, preset.request[0].paging.pages) = (2, 8);
    let spec = SourceSpec { preset: Some(Arc::new(preset)), ..spec("page") };
    let (mut listing, mut reader) = (new_listing("page", false), Reader::default());
    listing.write(0);
    reader.poll(&spec, &mut listing, |_| {});
    for _ in 0..60 {
        listing.now += 300;
        listing.write(0);
    }
    reader.poll(&spec, &mut listing, |_| {});
    assert_eq!(reader.kept.len(), 1 + 20);
    assert!(reader.problems.iter().any(|told| told.contains("was not read")), "{:?}", reader.problems);
}

/// A house that reads a listing on loopback by a preset of its own.
async fn house(style: &'static str) -> (TestHouse, ListingSite) {
    let (house, site) = (TestHouse::new().await, ListingSite::start(style).await);
    std::fs::create_dir_all(house.path().join("presets")).expect("a folder");
    house.write("presets/listing.toml", &listing_preset(style, &site.base));
    let settings = std::fs::read_to_string(house.path().join("porterhouse.toml")).expect("settings");
    house.write("porterhouse.toml", &format!("presets = \"presets\"\n{settings}"));
    house.append("sources.toml", "\n[[source]]\nid = \"s\"\npreset = \"listing\"\nevery = \"1s\"\n");
    site.listing().now = house.clock().as_second();
    (house, site)
}

#[tokio::test]
async fn a_service_is_read_over_the_wire_and_left_alone_as_it_asks() {
    let (house, site) = house("until").await;
    (0..5).for_each(|_| {
        site.listing().write(60);
    });
    assert_eq!(house.crawl().await.tally.committed.new_items, 5);
    for header in ["seconds", "date", "reset"] {
        house.advance_minutes(5);
        let in_two_minutes = house.clock() + SignedDuration::from_mins(2);
        let (header, value) = match header {
            "seconds" => ("retry-after", "120".to_owned()),
            "date" => ("retry-after", in_two_minutes.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()),
            _ => ("x-ratelimit-reset", in_two_minutes.as_second().to_string()),
        };
        site.listing().faults.push_back((429, vec![(header, value)]));
        site.listing().write(30);
        let told = house.crawl().await.tally;
        assert_eq!(told.committed.new_items, 0);
        let state = told.unread.first().expect("it could not be read");
        assert_ne!(state.health, SourceHealth::Broken, "{header}: {}", state.message);
        let wait = state.due_at.expect("a time").duration_since(house.clock()).as_secs();
        assert!((100..=150).contains(&wait), "{header}: {wait} s");
        site.listing().faults.clear();
    }
}
