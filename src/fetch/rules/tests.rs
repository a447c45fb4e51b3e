//! Verdicts after RFC 9309 and its examples, and after the slips of real files.

use super::*;
use proptest::prelude::*;

const NAME: &str = "porterhouse";

/// Paths that `robots_txt` allows us, and paths that it forbids us.
fn check(robots_txt: &str, allowed: &[&str], forbidden: &[&str]) {
    check_bytes(robots_txt.as_bytes(), allowed, forbidden);
}

fn check_bytes(robots_txt: &[u8], allowed: &[&str], forbidden: &[&str]) {
    let rules = Rules::parse(robots_txt, NAME);
    let shown = String::from_utf8_lossy(robots_txt);
    for path in allowed {
        assert_eq!(rules.forbidding(path), None, "{path} is allowed by\n{shown}");
    }
    for path in forbidden {
        assert!(!rules.allows(path), "{path} is forbidden by\n{shown}");
    }
}

/// [`check`] for one group that everyone belongs to.
fn check_rules(rules: &str, allowed: &[&str], forbidden: &[&str]) {
    check(&format!("User-agent: *\n{rules}"), allowed, forbidden);
}

#[test]
fn the_longest_match_wins_and_allow_wins_ties() {
    check_rules("Disallow: /\nAllow: /public", &["/public", "/publicity", "/public/a"], &["/", "/pub", "/Public"]);
    check_rules("Allow: /public\nDisallow: /", &["/public"], &["/other"]);
    check_rules("Allow: /a\nDisallow: /a/b\nAllow: /a/b/c", &["/a", "/a/x", "/a/b/c/d"], &["/a/b", "/a/b/x"]);
    check_rules("Allow: /p\nDisallow: /", &["/page"], &["/x"]);
    check_rules("Allow: /folder\nDisallow: /folder", &["/folder/page", "/folder"], &[]);
    check_rules("Disallow: /folder\nAllow: /folder", &["/folder/page"], &[]);
    check_rules("Allow: /page\nDisallow: /*.htm", &["/page", "/page.php"], &["/page.htm", "/page.html"]);
    check_rules("Allow: /page\nDisallow: /*.ph", &["/page.php5"], &["/x.php"]);
    check_rules("Allow: /$\nDisallow: /", &["/"], &["/page.htm", "/?a"]);
    // The example of the standard, 5.2.
    let example = "Allow: /example/page/\nDisallow: /example/page/disallowed.gif";
    check_rules(example, &["/example/page/", "/example/page/x.gif"], &["/example/page/disallowed.gif"]);
}

#[test]
fn a_rule_is_a_beginning() {
    check_rules(
        "Disallow: /fish",
        &["/catfish", "/Fish.asp", "/?id=fish"],
        &["/fish", "/fish.html", "/fish/1", "/fishheads?id"],
    );
    check_rules(
        "Disallow: /fish/",
        &["/fish", "/fish.html", "/x/fish/"],
        &["/fish/", "/fish/?id=x", "/fish/salmon.htm"],
    );
    check_rules("Disallow: /a?b", &["/a", "/a/?b", "/a?c"], &["/a?b", "/a?b=c"]);
    check_rules("Disallow: /;x", &["/", "/y;x"], &["/;x", "/;xy"]);
    check_rules("Disallow: //", &["/", "/a//"], &["//", "//a"]);
}

#[test]
fn a_star_stands_for_any_text() {
    check_rules("Disallow: /fish*", &["/Fish", "/catfish"], &["/fish", "/fishheads/yummy.html"]);
    check_rules(
        "Disallow: /*.php",
        &["/", "/windows.PHP", "/ph.p"],
        &["/index.php", "/a/b.php?c", "/b.php/d", "/.php"],
    );
    check_rules("Disallow: /*.php$", &["/b.php?x", "/b.php/", "/b.php5"], &["/b.php", "/a/b.php", "/b.php.php"]);
    check_rules("Disallow: /fish*.php", &["/Fish.PHP", "/fish"], &["/fish.php", "/fishheads/catfish.php?x"]);
    check_rules("Disallow: *", &[], &["/", "/a"]);
    check_rules("Disallow: /*", &[], &["/", "/a?b"]);
    check_rules("Disallow: */private", &["/priv"], &["/private", "/a/private/b"]);
    check_rules("Disallow: /**a**b", &["/ba"], &["/ab", "/xaxb"]);
    check_rules("Disallow: /*a*b*c$", &["/abcd", "/cab"], &["/abc", "/xaxbxcxc"]);
    check_rules("Disallow: /*ab*ab$", &["/ab", "/aab"], &["/abab", "/abxab"]);
    check_rules("Disallow: /*aba*ba$", &["/abab", "/aba"], &["/ababa", "/abaxba"]);
    check_rules("Disallow: /*?", &["/a"], &["/a?", "/?b", "/a?b=c"]);
    check_rules("Disallow: /*?*session=", &["/?sess=1"], &["/a?session=1", "/?x&session="]);
}

#[test]
fn a_dollar_sign_ends_a_pattern_and_else_means_itself() {
    check_rules("Disallow: /a$", &["/a/", "/ab", "/a?b"], &["/a"]);
    check_rules("Disallow: /a$b", &["/a", "/ab"], &["/a$b", "/a$bc", "/a%24b"]);
    check_rules("Disallow: /fish*$", &["/cat"], &["/fish", "/fish/1"]);
    check_rules("Disallow: /*$", &[], &["/", "/a"]);
    check_rules("Disallow: /a$$", &["/a"], &["/a$"]);
    // Also at the end, where the address has one.
    check_rules("Disallow: /a$\nDisallow: /x*y$", &["/a/", "/x/y/"], &["/a$", "/a%24", "/a$b", "/x1y$z"]);
}

#[test]
fn encoded_signs_mean_what_they_stand_for() {
    // The table of the standard, 2.2.2.
    check_rules("Disallow: /foo/bar?baz=quz", &["/foo/bar"], &["/foo/bar?baz=quz"]);
    check_rules(
        "Disallow: /foo/bar?baz=https://foo.bar",
        &[],
        &["/foo/bar?baz=https%3A%2F%2Ffoo.bar", "/foo/bar?baz=https://foo.bar"],
    );
    check_rules("Disallow: /foo/bar?baz=https%3A%2F%2Ffoo.bar", &[], &["/foo/bar?baz=https://foo.bar"]);
    check_rules(
        "Disallow: /foo/bar/\u{30c4}",
        &["/foo/bar/x"],
        &["/foo/bar/%E3%83%84", "/foo/bar/%e3%83%84", "/foo/bar/\u{30c4}"],
    );
    check_rules("Disallow: /foo/bar/%E3%83%84", &[], &["/foo/bar/\u{30c4}", "/foo/bar/%e3%83%84"]);
    check_rules("Disallow: /foo/bar/%62%61%7A", &["/foo/bar/b"], &["/foo/bar/baz", "/foo/bar/%62az"]);
    check_rules("Disallow: /foo/bar/baz", &[], &["/foo/bar/%62%61%7a"]);
    // Its table of special signs, 2.2.3.
    check_rules(
        "Disallow: /path/file-with-a-%2A.html",
        &["/path/file-with-a-x.html"],
        &["/path/file-with-a-*.html", "/path/file-with-a-%2a.html"],
    );
    check_rules("Disallow: /path/foo-%24", &["/path/foo-"], &["/path/foo-$", "/path/foo-$x", "/path/foo-%24"]);
    // A slash that is data is no slash.
    check_rules("Disallow: /a%2Fb", &["/a/b"], &["/a%2fb", "/a%2Fb/c"]);
    check_rules("Disallow: /a/b", &["/a%2Fb"], &["/a/b"]);
    check_rules("Disallow: /a%3fb", &["/a?b"], &["/a%3Fb"]);
    check_rules("Disallow: /*q=%2Fx", &[], &["/s?q=%2Fx"]);
    check_rules("Disallow: /~joe", &[], &["/%7Ejoe", "/~joe", "/%7ejoe/x"]);
    check_rules("Disallow: /%7Ejoe", &[], &["/~joe"]);
    check_rules("Disallow: /a b", &["/a"], &["/a%20b"]);
    check_rules("Disallow: /s?q='x'", &[], &["/s?q=%27x%27", "/s?q='x'"]);
    check_rules("Disallow: /100%", &["/100"], &["/100%", "/100%25"]);
    check_rules("Disallow: /50%zz", &[], &["/50%zz", "/50%25zz"]);
    check_rules("Disallow: /%25zz", &["/a"], &["/%25zz"]);
    check_rules("Disallow: /stra\u{df}e", &["/strasse"], &["/stra%C3%9Fe"]);
    // Octets of an older encoding are octets all the same.
    check_bytes(b"User-agent: *\nDisallow: /stra\xdfe", &["/stra%C3%9Fe"], &["/stra%DFe"]);
    // Equal in length however it is written, so that the tie goes to the one that allows.
    check_rules("Disallow: /%61%62\nAllow: /ab", &["/ab", "/abc"], &[]);
}

#[test]
fn groups_that_name_us_are_put_together_and_stand_for_all_others() {
    let everyone = "User-agent: *\nDisallow: /\n";
    check(&format!("{everyone}\nUser-agent: porterhouse\nDisallow: /x"), &["/", "/y"], &["/x"]);
    check(&format!("User-agent: porterhouse\nDisallow: /x\n\n{everyone}"), &["/y"], &["/x"]);
    check(&format!("{everyone}User-agent: porterhouse\nDisallow:"), &["/", "/x"], &[]);
    check(&format!("{everyone}User-agent: porterhouse"), &["/"], &[]);
    let parted = "User-agent: porterhouse\nDisallow: /a\n\nUser-agent: other\nDisallow: /o\n\nUser-agent: porterhouse\nDisallow: /b";
    check(parted, &["/o", "/"], &["/a", "/b"]);
    check(
        "User-agent: *\nDisallow: /a\nUser-agent: other\nDisallow: /o\nUser-agent: *\nDisallow: /b",
        &["/o"],
        &["/a", "/b"],
    );
    check("User-agent: a\nUser-agent: porterhouse\nUser-agent: b\nDisallow: /x", &["/"], &["/x"]);
    check("User-agent: a\nDisallow: /a\nUser-agent: porterhouse\nDisallow: /x", &["/a"], &["/x"]);
    check("User-agent: *\nUser-agent: porterhouse\nDisallow: /x", &["/"], &["/x"]);
    check("User-agent: other\nDisallow: /", &["/", "/x"], &[]);
    // The example of the standard, 5.1.
    let example = "User-Agent: *\nDisallow: *.gif$\nDisallow: /example/\nAllow: /publications/\n\n\
                   User-Agent: porterhouse\nDisallow:/\nAllow:/example/page.html\nAllow:/example/allowed.gif\n\n\
                   User-Agent: barbot\nUser-Agent: bazbot\nDisallow: /example/page.html\n\nUser-Agent: quxbot\n";
    check(example, &["/example/page.html", "/example/allowed.gif"], &["/", "/publications/", "/example/", "/x.gif"]);
    for (name, allowed, forbidden) in [
        ("barbot", "/x.gif", "/example/page.html"),
        ("bazbot", "/example/", "/example/page.html"),
        ("unnamed", "/publications/", "/example/page.html"),
        ("unnamed", "/x.gif?", "/x.gif"),
    ] {
        let rules = Rules::parse(example.as_bytes(), name);
        assert!(rules.allows(allowed) && !rules.allows(forbidden), "{name}");
    }
    assert!(Rules::parse(example.as_bytes(), "quxbot").allows("/example/page.html"));
}

#[test]
fn rules_before_the_first_name_are_nobody_s() {
    check("Disallow: /a\nUser-agent: *\nDisallow: /b", &["/a"], &["/b"]);
    check("Disallow: /\n", &["/", "/a"], &[]);
    check("", &["/", "/a"], &[]);
    check("Allow: /\nCrawl-delay: 9", &["/"], &[]);
}

#[test]
fn a_name_is_ours_in_any_case_and_with_any_version() {
    for line in [
        "User-agent: porterhouse",
        "user-agent: PORTERHOUSE",
        "USER-AGENT: PorterHouse/1.0",
        "User-agent: porterhouse/0.1 (+https://brand.example)",
        "User-agent: porterhouse bot",
        "User-agent:porterhouse",
        "User-agent :  porterhouse  ",
        "\tUser-agent:\tporterhouse\t",
        "User-agent: porterhouse # the steak",
        "User-agent: porterhouse*",
        "User agent: porterhouse",
        "UserAgent: porterhouse",
        "User-agent porterhouse",
        "User agent porterhouse of the team",
        "User-agent: *porterhouse",
        "User-agent: porter",
        "User-agent: porter*",
    ] {
        check(&format!("{line}\nDisallow: /x"), &["/"], &["/x"]);
    }
    for line in ["porterhouse-images", "porterhouse2", "house", "a porterhouse", "", "Mozilla/5.0 porterhouse"] {
        check(&format!("User-agent: {line}\nDisallow: /x"), &["/x"], &[]);
    }
    for line in ["*", "* ", "* everyone", "\t*"] {
        check(&format!("User-agent: {line}\nDisallow: /x"), &["/"], &["/x"]);
    }
    let rules = |name| Rules::parse(b"User-agent: FooBot\nDisallow: /x", name).allows("/x");
    assert!(!rules("FooBot/2.1 (like us)") && !rules("foobot") && rules("Foo") && rules("*") && rules(""));
}

#[test]
fn the_beginning_of_a_name_counts_where_no_group_has_all_of_it() {
    let family =
        "User-agent: grill-news\nDisallow: /n\n\nUser-agent: *\nDisallow: /o\n\nUser-agent: Grill\nDisallow: /g";
    for (name, forbidden) in [
        ("grill-news", "/n"),
        ("grill-news2", "/n"),
        ("grill-new", "/g"),
        ("grill", "/g"),
        ("GRILL-images/2.0", "/g"),
        ("gril", "/o"),
        ("charcoal-grill", "/o"),
    ] {
        let rules = Rules::parse(family.as_bytes(), name);
        let told: Vec<&str> = ["/n", "/o", "/g"].into_iter().filter(|path| !rules.allows(path)).collect();
        assert_eq!(told, [forbidden], "{name}");
    }
    let accents = "User-agent: Gr\u{fc}nbot\nDisallow: /";
    assert!(!Rules::parse(accents.as_bytes(), "gr\u{fc}nbot/1").allows("/x"));
    assert!(Rules::parse(accents.as_bytes(), "gr\u{f6}nbot").allows("/x"));
}

#[test]
fn who_allows_the_first_page_of_a_folder_allows_the_folder() {
    let rules = "Disallow: /\nAllow: /a/index.html\nAllow: /b/index.htm";
    check_rules(rules, &["/a/", "/a/index.html", "/b/"], &["/", "/a", "/a/x", "/a/index.htm", "/c/"]);
    check_rules("Disallow: /a/index.html", &["/a/"], &["/a/index.html"]);
    check_rules("Disallow: /\nAllow: /aindex.html", &["/aindex.html"], &["/a"]);
}

#[test]
fn a_line_is_cut_where_no_address_is_longer() {
    let long = format!("/{}", "a".repeat(20_000));
    check_rules(&format!("Disallow: {long}/x"), &["/a", &"/a".repeat(4_000)], &[&format!("{long}/y")]);
}

#[test]
fn a_name_without_rules_does_not_swallow_the_next_group() {
    check("User-agent: porterhouse\n\nUser-agent: other\nDisallow: /x", &["/"], &["/x"]);
    check("User-agent: other\n\n\nUser-agent: porterhouse\nDisallow: /x", &["/"], &["/x"]);
}

#[test]
fn lines_that_are_not_of_the_standard_part_no_names() {
    for line in
        ["Sitemap: https://x.example/s.xml", "Crawl-delay: 3", "Host: x.example", "whatever", "Noindex: /", "# a"]
    {
        check(&format!("User-agent: porterhouse\n{line}\nUser-agent: *\nDisallow: /x"), &["/"], &["/x"]);
        check(&format!("User-agent: *\nDisallow: /x\n{line}\nDisallow: /y"), &["/"], &["/x", "/y"]);
    }
}

#[test]
fn lines_end_in_every_way_and_begin_behind_a_byte_order_mark() {
    for end in ["\n", "\r\n", "\r", "\r\r\n", "\n\n"] {
        check(&format!("User-agent: *{end}Disallow: /x{end}Disallow: /y"), &["/"], &["/x", "/y"]);
    }
    for mark in [&b"\xef\xbb\xbf"[..], b"\xef\xbb", b"\xef", b""] {
        check_bytes(&[mark, b"User-agent: *\nDisallow: /x"].concat(), &["/"], &["/x"]);
    }
    check_bytes(b"\xbf\xefUser-agent: *\nDisallow: /x", &["/x"], &[]);
}

#[test]
fn slips_of_the_pen_are_seen() {
    for key in ["disallow", "DISALLOW", "dissallow", "Dissalow", "disalow", "diasllow", "disallaw"] {
        check_rules(&format!("{key}: /x"), &["/"], &["/x"]);
        check_rules(&format!("{key} /x"), &["/"], &["/x"]);
    }
    check_rules("disallow /x y", &["/x", "/x y"], &[]);
    check_rules("disallow: /x y", &["/x"], &["/x%20y"]);
    check_rules("disallowed: /x\ndis-allow: /x\n: /x\ndisallow\n-\n=", &["/x"], &[]);
    check_rules("Disallow:\nDisallow: \nDisallow: # nothing", &["/", "/x"], &[]);
    check_rules("Disallow: /x# y\nDisallow: /z #", &["/"], &["/x", "/z"]);
    check_rules(
        "Disallow: x\nDisallow: http://site.example/y\nDisallow: $\nDisallow: ?a",
        &["/x", "/y", "/", "/?a"],
        &[],
    );
    check_rules("Disallow: /\nAllow:", &[], &["/", "/x"]);
    check("foo: porterhouse\nbar: /", &["/", "/x"], &[]);
    check("<!doctype html><title>404</title>\n<p>User-agent: *\n<p>Disallow: /", &["/", "/x"], &[]);
    check("User-agent: *Disallow: /", &["/"], &[]);
}

#[test]
fn the_file_itself_may_always_be_read() {
    check_rules("Disallow: /", &["/robots.txt", "/robots.txt?x"], &["/robots.txtx", "/a/robots.txt", "/"]);
}

#[test]
fn a_path_without_its_slash_is_a_path() {
    check_rules("Disallow: /\nAllow: /$", &[""], &["x"]);
    check_rules("Disallow: /?a", &["x?a"], &["?a"]);
}

#[test]
fn what_is_above_the_limit_is_not_read() {
    let head = "User-agent: *\nDisallow: /x\n";
    let filled = |n: usize| format!("{head}{}", "#".repeat(n - head.len()));
    check(&format!("{}\nDisallow: /late", filled(ROBOTS_LIMIT_BYTES)), &["/late"], &["/x"]);
    check(&format!("{}\nAllow: /private", filled(ROBOTS_LIMIT_BYTES - 10)), &["/p"], &["/x"]);
    let cut = format!("{}\nDisallow: /private", filled(ROBOTS_LIMIT_BYTES - 14));
    check(&cut, &["/p", "/private"], &["/x"]);
    check(&format!("{head}{}", "Disallow: /a\n".repeat(1_000_000)), &["/"], &["/x", "/a"]);
}

#[test]
fn a_crawl_delay_is_read_in_seconds_and_parts_of_them() {
    for (text, expected) in [
        ("5", Some(5.0)),
        ("0.5", Some(0.5)),
        ("1,5", Some(1.5)),
        ("10 # slowly", Some(10.0)),
        ("0", Some(0.0)),
        ("1e2", Some(100.0)),
        ("999999999999999999999999", Some(86_400.0)),
        ("inf", Some(86_400.0)),
        ("-1", None),
        ("NaN", None),
        ("soon", None),
        ("", None),
    ] {
        let rules = Rules::parse(format!("User-agent: *\nCrawl-delay: {text}").as_bytes(), NAME);
        assert_eq!(rules.crawl_delay(), expected.map(Duration::from_secs_f64), "{text}");
    }
    let told = |text: &str| Rules::parse(text.as_bytes(), NAME).crawl_delay().map(|delay| delay.as_secs());
    assert_eq!(told("User-agent: *\nCrawl-delay: 9\n\nUser-agent: porterhouse\nDisallow: /x"), None);
    assert_eq!(told("User-agent: porterhouse\nCrawl-delay: 2\n\nUser-agent: porterhouse\nCrawldelay: 7"), Some(7));
    assert_eq!(told("User-agent: bad\nCrawl-delay: 90\n\nUser-agent: *\nDisallow:"), None, "another's delay");
}

#[test]
fn a_hostile_file_costs_no_more_than_its_length() {
    let stars = format!("User-agent: *\nDisallow: /{}b$", "*a".repeat(8_000));
    let long = format!("/{}", "a".repeat(100_000));
    check(&stars, &[&long], &[]);
    let many = format!("User-agent: *\n{}", "Disallow: /*$b$\n".repeat(10_000));
    check(&many, &[&format!("/{}", "$".repeat(1_000))], &[]);
}

/// The plain meaning of a pattern, by trying everything.
fn matches_by_trying(pattern: &[u8], path: &[u8]) -> bool {
    match (pattern.split_first(), path.split_first()) {
        (None, _) => true,
        (Some((b'$', [])), rest) => rest.is_none(),
        (Some((b'*', after)), _) => (0..=path.len()).any(|from| matches_by_trying(after, &path[from..])),
        (Some((sign, after)), Some((first, rest))) => sign == first && matches_by_trying(after, rest),
        (Some(_), None) => false,
    }
}

proptest! {
    #[test]
    fn any_bytes_give_rules(file in prop::collection::vec(any::<u8>(), 0..300), path in ".{0,40}") {
        let _ = Rules::parse(&file, NAME).forbidding(&path);
    }

    #[test]
    fn any_lines_give_rules_no_larger_than_the_file(
        file in "((user-agent|disallow|allow|crawl-delay|x)[: ]{1,2}[/*$%a-c0-9# ]{0,12}[\r\n]{1,2}){0,20}",
        path in "/[/*$%?a-c0-9]{0,12}",
    ) {
        let rules = Rules::parse(file.as_bytes(), NAME);
        let size: usize = rules.rules.iter().map(|rule| rule.pattern.len()).sum();
        prop_assert!(size <= 3 * file.len());
        let _ = rules.forbidding(&path);
    }

    #[test]
    fn patterns_mean_what_trying_everything_says(pattern in "/[ab/*]{0,8}[$]?", path in "/[ab/]{0,10}") {
        let rules = Rules::parse(format!("User-agent: *\nDisallow: {pattern}").as_bytes(), NAME);
        prop_assert_eq!(!rules.allows(&path), matches_by_trying(pattern.as_bytes(), path.as_bytes()));
    }

    #[test]
    fn encoding_any_sign_changes_no_verdict(pattern in "/[a-z~.]{1,4}", path in "/[a-z~.]{0,6}", at in any::<prop::sample::Index>()) {
        let rules = Rules::parse(format!("User-agent: *\nDisallow: {pattern}").as_bytes(), NAME);
        let at = at.index(path.len()).max(1);
        if let Some((head, tail)) = path.split_at_checked(at) && let Some(sign) = tail.chars().next() {
            let encoded = format!("{head}%{:02x}{}", u32::from(sign), tail.strip_prefix(sign).unwrap_or_default());
            prop_assert_eq!(rules.allows(&path), rules.allows(&encoded));
        }
    }
}
