//! Rows of tables: separators, quotation marks, uneven and broken ones.

use super::*;
use encoding_rs::UTF_8;

/// `number:cell|cell` for each row, `number!reason` for those that are refused.
fn rows(text: &str, separator: u8) -> Vec<String> {
    let file = Box::new(io::Cursor::new(text.as_bytes().to_vec()));
    let mut table = Table::new(Decoding::new(file, UTF_8), separator);
    let (mut row, mut rows) = (Row::default(), Vec::new());
    loop {
        match table.next(&mut row).expect("read") {
            Step::Row => rows.push(format!("{}:{}", row.number, row.cells().collect::<Vec<_>>().join("|"))),
            Step::Refused(why) => rows.push(format!("{}!{}", row.number, why.as_str())),
            Step::End => return rows,
        }
    }
}

#[test]
fn rows_are_counted_as_a_spreadsheet_does() {
    assert_eq!(rows("a,b\r\n\r\n1,\"x\r\ny\"\r\n2,z\r\n", b','), ["1:a|b", "3:1|x\r\ny", "4:2|z"]);
    assert_eq!(rows("a,b\n\n\n1,2\n,\n3,4", b','), ["1:a|b", "4:1|2", "6:3|4"]);
    assert_eq!(rows("a,b\r1,2\r\r3,4", b','), ["1:a|b", "2:1|2", "4:3|4"]);
}

#[test]
fn an_open_quotation_mark_costs_one_row() {
    assert_eq!(rows("a,b\n1,\"open\n2,x\n3,y\n", b','), ["1:a|b", "2!open_quote", "3:2|x", "4:3|y"]);
    let long = format!("a,b\n1,\"open\n{}3,y\n", "2,xxxxxxxxxxxxxxxxxxxxx\n".repeat(100_000));
    let read = rows(&long, b',');
    assert_eq!((read.len(), read[1].as_str(), read[100_002].as_str()), (100_003, "2!too_long", "100003:3|y"));
}

#[test]
fn a_line_without_end_is_refused_and_the_next_one_read() {
    let long = format!("a,b\n{}\n1,2\n", "x".repeat(3 * ROW_LIMIT_BYTES));
    assert_eq!(rows(&long, b','), ["1:a|b", "2!too_long", "3:1|2"]);
    let wide = format!("a,b\n{}\n1,2\n", ",".repeat(5_000));
    assert_eq!(rows(&wide, b','), ["1:a|b", "2!too_many_columns", "3:1|2"]);
}

#[test]
fn the_separator_is_found_among_texts_that_hold_others() {
    for (head, expected) in [
        ("id;text;date\n1;gut, aber teuer, sehr;x\n2;schlecht, ja;y\n", b';'),
        ("id,text\n1,\"a;b;c\"\n2,d\n", b','),
        ("id\ttext\n1\ta, b, c\n", b'\t'),
        ("id|text\n1|a\n", b'|'),
        ("Kommentar\nGut, aber teuer\nSchlecht; sehr, sehr\n", 0x1f),
        ("sep=;\na,b;c\n", b';'),
        ("id,note\n1,\"4,5\"\n", b','),
    ] {
        assert_eq!(separator(head), expected, "{head}");
    }
}
