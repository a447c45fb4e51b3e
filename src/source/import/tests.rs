//! Files of posts as a whole: what is found out of them, and what is refused.

use super::*;
use crate::model::ImportPlan;
use proptest::prelude::*;

fn setting() -> Setting {
    let now = "2027-03-01T12:00:00Z".parse().expect("a time");
    Setting { source: SourceName::new("umfrage"), zone: "Europe/Berlin".to_owned(), now }
}

/// What reading a file gave: its facts, its items, what was refused and what is odd.
struct Read {
    survey: Survey,
    items: Vec<Item>,
    refused: Vec<Refusal>,
    odd: Vec<ImportOddity>,
}

fn read(bytes: &[u8], plan: &ImportPlan) -> Result<Read, ImportFault> {
    let bytes = bytes.to_vec();
    let open = move || Ok(Box::new(Bytes::new(bytes.clone())) as Box<dyn std::io::Read + Send>);
    let survey = survey(&open, plan, &setting())?;
    let mut rows = Rows::open(&open, &survey)?;
    let (mut items, mut refused) = (Vec::new(), Vec::new());
    while let Some(entry) = rows.next_entry()? {
        match entry {
            Entry::Item(item) => items.push(*item),
            Entry::Refused(refusal) => refused.push(refusal),
        }
    }
    let odd = rows.oddities();
    Ok(Read { survey, items, refused, odd })
}

/// `id|time|author|rating|text` for each item, `!row reason` for each refusal, `?oddity`.
fn told(bytes: &[u8], plan: &ImportPlan) -> String {
    let read = match read(bytes, plan) {
        Ok(read) => read,
        Err(fault) => return format!("fault: {fault}"),
    };
    let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    let item = |item: &Item| {
        let id = if item.key.id.len() == 32 { "#" } else { &item.key.id };
        let rating = or_dash(item.rating.map(|rating| rating.to_string()));
        let time = or_dash(item.published.map(|posted| posted.to_string()));
        format!("{id}|{time}|{}|{rating}|{}", or_dash(item.author.name.clone()), item.text)
    };
    let items = read.items.iter().map(item);
    let refused = read.refused.iter().map(|refusal| format!("!{} {}", refusal.row, refusal.why));
    let odd = read.odd.iter().map(|odd| format!("?{odd}"));
    items.chain(refused).chain(odd).collect::<Vec<_>>().join("\n")
}

fn check(text: &str, expected: &[&str]) {
    assert_eq!(told(text.as_bytes(), &ImportPlan::default()).lines().collect::<Vec<_>>(), expected, "{text}");
}

#[test]
fn a_german_survey_is_read_as_it_is_meant() {
    check(
        "Kommentar;Datum;Name;Bewertung\r\n\"Gut, aber\r\nteuer\";24.12.2026 18:05;Ann Beispiel;4 von 5\r\n=SUMME(A1);1. Mai 2026;;★★★\r\n;;;\r\n",
        &[
            "#|2026-12-24T18:05:00+01:00|Ann Beispiel|4|Gut, aber",
            "teuer",
            "#|2026-05-01T00:00:00+02:00|-|3|=SUMME(A1)",
            "?1 rows are empty",
        ],
    );
}

#[test]
fn an_american_export_has_the_month_first() {
    let rows = "id,comment,date\n1,nice,01/02/26 3:05 PM\n2,bad,12/24/26 11:00 AM\n";
    check(rows, &["1|2026-01-02T15:05:00+01:00|-|-|nice", "2|2026-12-24T11:00:00+01:00|-|-|bad"]);
    let open = "id,comment,date\n1,nice,01/02/26\n";
    check(
        open,
        &[
            "1|2026-02-01T00:00:00+01:00|-|-|nice",
            "?no date says which of day and month stands first; the day was taken",
        ],
    );
}

#[test]
fn bad_rows_are_refused_with_their_number_and_a_way_out() {
    check(
        "id,author,text,date\n1,A,fine,2026-05-01\n1.23E+18,B,rounded,2026-05-01\n3,C,too, many,2026-05-01\n4,D,,2026-05-01\n5,E,undated,soon\nid,author,text,date\n6,F\n1234567890123450000,G,zeros,2026-05-01\n",
        &[
            "1|2026-05-01T00:00:00+02:00|A|-|fine",
            "5|-|E|-|undated",
            "1234567890123450000|2026-05-01T00:00:00+02:00|G|-|zeros",
            "!3 id `1.23E+18` was rounded by a spreadsheet; format the column as text before saving, or map another id",
            "!4 it has 5 cells, the header has 4; a text with the separator needs quotation marks",
            "!5 it has neither text nor title",
            "!8 it has neither text nor title",
            "?1 times could not be read; these rows count from when they were read",
            "?1 long ids end with zeros: a spreadsheet may have rounded them; format the column as text",
            "?1 rows repeat the header; they were passed over",
            "?1 rows have fewer cells than there are columns",
        ],
    );
}

#[test]
fn a_text_at_the_end_may_hold_the_separator() {
    let odd = "?1 rows have a text with the separator and no quotation marks; its parts were joined";
    check("id,text\n1,gut, aber teuer\n", &["1|-|-|-|gut,aber teuer", odd]);
}

#[test]
fn files_without_a_header_are_told_by_what_they_hold() {
    let plan = ImportPlan { has_header: false, ..ImportPlan::default() };
    let text =
        "03.05.2026 09:10;Frau A;Die Verkäuferin war sehr nett\n04.05.2026 10:00;Herr B;Kein Rückruf seit Tagen\n";
    let odd = "?no name of a column tells which is the text; `3` has the longest, say otherwise with `text=COLUMN`";
    assert_eq!(
        told(text.as_bytes(), &plan).lines().collect::<Vec<_>>(),
        [
            "#|2026-05-03T09:10:00+02:00|-|-|Die Verkäuferin war sehr nett",
            "#|2026-05-04T10:00:00+02:00|-|-|Kein Rückruf seit Tagen",
            odd
        ]
    );
    let map = [("text", "3"), ("author", "2")]
        .map(|(field, column)| (crate::model::ImportField::from_name(field).expect("a field"), column.to_owned()));
    let plan = ImportPlan { map: map.to_vec(), ..plan };
    assert!(told(text.as_bytes(), &plan).starts_with("#|2026-05-03T09:10:00+02:00|Frau A|-|Die"));
    let lines = ImportPlan { has_header: false, ..ImportPlan::default() };
    assert!(
        told(b"Great service\nToo slow, sadly\n", &lines).starts_with("#|-|-|-|Great service\n#|-|-|-|Too slow, sadly")
    );
}

#[test]
fn json_is_read_in_its_three_layouts() {
    let expected = "7|2026-05-01T10:00:00+00:00|Ann|-|hello";
    for text in [
        r#"[{"id":7,"text":"hello","created_at":"2026-05-01T10:00:00Z","user":{"name":"Ann"}}]"#,
        r#"{"meta":{"n":1},"data":[{"id":7,"text":"hello","created_at":"2026-05-01T10:00:00Z","user":{"name":"Ann"}}]}"#,
        "{\"id\":7,\"text\":\"hello\",\"created_at\":\"2026-05-01T10:00:00Z\",\"user\":{\"name\":\"Ann\"}}\n{\"id\":8,\"text\":\"x\"}\n",
    ] {
        assert_eq!(told(text.as_bytes(), &ImportPlan::default()).lines().next(), Some(expected), "{text}");
    }
    let deep = r#"[{"a":{"b":{"c":"hello"}}}]"#;
    let plan = ImportPlan { map: vec![(F::Text, "a.b.c".to_owned())], ..ImportPlan::default() };
    assert_eq!(told(deep.as_bytes(), &plan), "#|-|-|-|hello");
}

#[test]
fn what_cannot_be_read_is_a_fault_with_a_way_out() {
    for (bytes, expected) in [
        (&b""[..], "fault: the file is empty"),
        (b"\n \r\n", "fault: the file is empty"),
        (
            b"PK\x03\x04...",
            "fault: the file is an Excel or LibreOffice workbook, or another archive; save it as CSV (UTF-8) and import that",
        ),
        (b"a,b\n1,2\n", "fault: no column looks like the text; say which with `text=COLUMN`, there are: a, b"),
        (b"{\"a\":[1,2]}{", "fault: the file is broken JSON: trailing characters at line 1 column 12"),
    ] {
        assert_eq!(told(bytes, &ImportPlan::default()), expected);
    }
    let with = |plan: ImportPlan| told(b"text\nhello\n", &plan);
    let plan = ImportPlan { encoding: Some("klingon".to_owned()), ..ImportPlan::default() };
    assert_eq!(with(plan), "fault: encoding `klingon` is not known; write for instance utf-8, utf-16 or windows-1252");
    let plan = ImportPlan { zone: Some("Mars/Olympus".to_owned()), ..ImportPlan::default() };
    assert_eq!(with(plan), "fault: `Mars/Olympus` is no time zone; write one such as Europe/Berlin");
}

#[test]
fn the_same_row_has_the_same_key_and_another_text_another_one() {
    let keys = |text: &str| -> Vec<String> {
        let read = read(text.as_bytes(), &ImportPlan::default()).expect("read");
        read.items.into_iter().map(|item| item.key.id).collect()
    };
    let once = keys("author,text\nA,one\nB,one\nA,two\n");
    assert_eq!(once, keys("author,text\nA,one\nB,one\nA,two\n"));
    assert_eq!(once.iter().collect::<std::collections::HashSet<_>>().len(), 3);
}

#[test]
fn links_that_a_browser_would_run_are_not_kept() {
    let text = "text,url,author url\nhello,javascript:alert(1),https://a.example/\n";
    let read = read(text.as_bytes(), &ImportPlan::default()).expect("read");
    assert_eq!((read.items[0].url.as_deref(), read.items[0].author.url.as_deref()), (None, Some("https://a.example/")));
    assert_eq!(read.survey.facts().shape, "table with `,`");
}

#[test]
fn a_console_s_export_in_utf_16_is_read() {
    let text = "\u{feff}Package Name,Reviewer Language,Review Submit Date and Time,Star Rating,Review Text,Review Link\nde.app,de,2026-05-01T10:00:00Z,2,\"Größer, langsamer\",https://play.example/?reviewId=1\n";
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let read = read(&bytes, &ImportPlan::default()).expect("read");
    let item = &read.items[0];
    assert_eq!((item.text.as_str(), item.rating, item.lang.as_deref()), ("Größer, langsamer", Some(2.0), Some("de")));
    assert_eq!(item.published.map(|posted| posted.to_string()).as_deref(), Some("2026-05-01T10:00:00+00:00"));
}

/// Pieces of tables and JSON, so that arbitrary files come near real ones.
const PIECES: &[&str] = &[
    ",",
    ";",
    "\t",
    "|",
    "\n",
    "\r\n",
    "\"",
    "\"\"",
    "text",
    "id",
    "date",
    "Kommentar",
    "1.23E+18",
    "24.12.2026",
    "12/24/26",
    "{",
    "}",
    "[",
    "]",
    ":",
    "\"a\":",
    "{\"text\":\"x\"}",
    "null",
    "1e999",
    "\\",
    "\\u0000",
    "ä",
    "sep=;",
    "\u{feff}",
    "=1+1",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]
    #[test]
    fn arbitrary_bytes_never_panic_and_stay_within_bounds(bytes in prop::collection::vec(any::<u8>(), 0..600), has_header: bool) {
        let plan = ImportPlan { has_header, ..ImportPlan::default() };
        if let Ok(read) = read(&bytes, &plan) {
            prop_assert!(read.items.len() + read.refused.len() <= bytes.len() + 1);
        }
    }

    #[test]
    fn files_like_real_ones_never_panic_and_are_read_alike_twice(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..60)) {
        let text = pieces.concat();
        let keys = || read(text.as_bytes(), &ImportPlan::default()).map(|read| {
            read.items.into_iter().map(|item| item.key).collect::<Vec<_>>()
        });
        prop_assert_eq!(keys(), keys());
    }

    #[test]
    fn cells_of_any_letters_come_back(cells in prop::collection::vec("[^\u{0}\r]{0,30}", 1..8)) {
        let quoted = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
        let rows: Vec<String> = cells.iter().enumerate().map(|(n, cell)| format!("{n},{}", quoted(cell))).collect();
        let text = format!("id,text\n{}\n", rows.join("\n"));
        let plan = ImportPlan { encoding: Some("utf-8".to_owned()), ..ImportPlan::default() };
        let read = read(text.as_bytes(), &plan).expect("a table");
        let texts: Vec<&str> = read.items.iter().map(|item| item.text.as_str()).collect();
        let expected: Vec<&str> = cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).collect();
        prop_assert_eq!(texts, expected);
    }
}
