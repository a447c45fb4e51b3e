//! Every spelling of an address that content must not lead to.

use super::*;
use proptest::prelude::*;

/// Addresses that lead inside, in every spelling that a URL allows, and some that it does not.
const INSIDE_URLS: &[&str] = &[
    // This machine, dotted.
    "http://127.0.0.1/",
    "https://127.0.0.1/",
    "http://127.0.0.1:8080/",
    "http://127.0.0.2/",
    "http://127.255.255.254/",
    "http://127.0.0.1./",
    "HTTP://127.0.0.1/",
    // Shortened.
    "http://127.1/",
    "http://127.0.1/",
    "http://127.1./",
    "http://0/",
    "http://0./",
    "http://0.0/",
    // As one number.
    "http://2130706433/",
    "http://2130706433./",
    "http://4294967295/",
    "http://3232235777/",
    "http://2852039166/",
    "http://167772161/",
    // Hexadecimal, octal, mixed.
    "http://0x7f000001/",
    "http://0X7F000001/",
    "http://0x7f.1/",
    "http://0x7f.0x0.0x0.0x1/",
    "http://0x7f.0.0.1/",
    "http://017700000001/",
    "http://0177.0.0.1/",
    "http://0177.1/",
    "http://00000177.0.0.1/",
    "http://0x0000007f.1/",
    "http://127.0x0.0.01/",
    "http://0300.0250.1.1/",
    "http://0xc0.0xa8.0x01.0x01/",
    "http://0xa9fea9fe/",
    "http://0251.0376.0251.0376/",
    "http://0x/",
    "http://0x.0x/",
    // Percent-encoded, full-width, circled, ideographic dots.
    "http://%31%32%37.0.0.1/",
    "http://127%2e0%2e0%2e1/",
    "http://%30x7f.1/",
    "http://127.0.0.1/",
    "http://①②⑦.⓪.⓪.①/",
    "http://127。0。0。1/",
    "http://127.0.0.1/",
    "http://127。0。0。1/",
    "http://1\u{ad}27.0.0.1/",
    "http://127\u{200b}.0.0.1/",
    "http://𝟏𝟐𝟕.𝟎.𝟎.𝟏/",
    // White space, tabs and line ends that parsers drop.
    "  http://127.0.0.1/  ",
    "http://127.\t0.0.1/",
    "ht\ntp://127.0.0.1/",
    "http:\\\\127.0.0.1\\",
    "http:127.0.0.1/",
    "http:/127.0.0.1/",
    "http:////127.0.0.1/",
    "https:\\/127.0.0.1/",
    // Who is the host, who the user.
    "http://example.com@127.0.0.1/",
    "http://example.com:80@127.0.0.1/",
    "http://user:password@8.8.8.8/",
    "http://user@example.com/",
    "http://:password@example.com/",
    "http://127.0.0.1#@example.com/",
    "http://127.0.0.1?@example.com/",
    "http://127.0.0.1\\@example.com/",
    "http://127.0.0.1/@example.com",
    "http://example.com@@127.0.0.1/",
    "http://a:b@c@127.0.0.1/",
    // IPv6.
    "http://[::1]/",
    "http://[::1]:8080/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[0000:0000:0000:0000:0000:0000:0000:0001]/",
    "http://[::0.0.0.1]/",
    "http://[::]/",
    "http://[::127.0.0.1]/",
    "http://[::7f00:1]/",
    "http://[::8.8.8.8]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[0:0:0:0:0:ffff:127.0.0.1]/",
    "http://[::FFFF:127.0.0.1]/",
    "http://[::ffff:10.0.0.1]/",
    "http://[::ffff:a9fe:a9fe]/",
    "http://[::ffff:192.168.1.1]/",
    "http://[::ffff:0:127.0.0.1]/",
    "http://[64:ff9b::127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[64:ff9b::10.0.0.1]/",
    "http://[64:ff9b::169.254.169.254]/",
    "http://[64:ff9b:1::1]/",
    "http://[64:ff9b:1::8.8.8.8]/",
    "http://[64:ff9b:0:0:1::1]/",
    "http://[2002:7f00:1::]/",
    "http://[2002:7f00:0001::1]/",
    "http://[2002:a00:1::]/",
    "http://[2002:808:808::]/",
    "http://[2001::1]/",
    "http://[2001:0:7f00:1::]/",
    "http://[2001:0:53aa:64c:0:7fff:f5ff:fffe]/",
    "http://[2001:10::1]/",
    "http://[2001:20::1]/",
    "http://[2001:2::1]/",
    "http://[2001:db8::1]/",
    "http://[3fff::1]/",
    "http://[3fff:fff::1]/",
    "http://[5f00::1]/",
    "http://[4000::1]/",
    "http://[100::1]/",
    "http://[fc00::1]/",
    "http://[fd00::1]/",
    "http://[fd00:ec2::254]/",
    "http://[fdff:ffff::1]/",
    "http://[fe80::1]/",
    "http://[fe80::1%25eth0]/",
    "http://[fe80::1%eth0]/",
    "http://[febf::1]/",
    "http://[fec0::1]/",
    "http://[feff::1]/",
    "http://[ff02::1]/",
    "http://[ff0e::1]/",
    "http://[fe00::1]/",
    "http://::1/",
    "http://[127.0.0.1]/",
    // Every special network of IPv4, at its edges.
    "http://0.0.0.0/",
    "http://0.255.255.255/",
    "http://10.0.0.0/",
    "http://10.255.255.255/",
    "http://100.64.0.1/",
    "http://100.100.100.200/",
    "http://100.127.255.255/",
    "http://168.63.129.16/",
    "http://169.254.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://169.254.169.254:80/",
    "http://169.254.170.2/",
    "http://172.16.0.1/",
    "http://172.31.255.255/",
    "http://192.0.0.1/",
    "http://192.0.0.192/",
    "http://192.0.2.1/",
    "http://192.52.193.1/",
    "http://192.88.99.1/",
    "http://192.168.0.1/",
    "http://192.168.255.255/",
    "http://198.18.0.1/",
    "http://198.19.255.255/",
    "http://198.51.100.1/",
    "http://203.0.113.1/",
    "http://224.0.0.1/",
    "http://239.255.255.255/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    // No place that is read.
    "file:///etc/passwd",
    "file://localhost/etc/passwd",
    "FILE:///etc/passwd",
    "file:/etc/passwd",
    "ftp://example.com/",
    "gopher://127.0.0.1:25/_HELO",
    "dict://127.0.0.1:11211/",
    "ldap://127.0.0.1/",
    "javascript:alert(1)",
    "data:text/html,hello",
    "ws://example.com/",
    "unix:/run/docker.sock",
    "http+unix://%2Frun%2Fdocker.sock/",
    "view-source:http://127.0.0.1/",
    "jar:http://127.0.0.1!/",
    "//127.0.0.1/",
    "/etc/passwd",
    "127.0.0.1",
    "",
    "http://",
    "http:///",
    "http://[/",
    "http://256.256.256.256/",
    "http://127.0.0.1.1.1/",
    "http://1.2.3.4.5/",
    "http://0xffffffffff/",
];

/// Places outside that must stay reachable.
const OUTSIDE: &[&str] = &[
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "168.63.129.15",
    "169.253.255.255",
    "169.255.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.1",
    "192.0.3.0",
    "192.167.255.255",
    "192.169.0.0",
    "198.17.255.255",
    "198.20.0.0",
    "198.51.101.0",
    "203.0.112.1",
    "223.255.255.255",
    "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8",
    "2001:200::1",
    "2001:4860:4860::8888",
    "2001:db7::1",
    "2003::1",
    "2606:4700:4700::1111",
    "2a00:1450::1",
    "3ffe::1",
    "2620:fe::fe",
];

fn refusal(gate: &Gate, text: &str, trust: Trust) -> Option<NetError> {
    match Url::parse(text) {
        Err(error) => Some(NetError::NotUrl(error)),
        Ok(url) => gate.check_url(&url, trust).err(),
    }
}

#[test]
fn no_spelling_leads_inside() {
    let gate = Gate::new(&[]);
    assert!(INSIDE_URLS.len() >= 160, "{}", INSIDE_URLS.len());
    let through: Vec<_> = INSIDE_URLS.iter().filter(|url| refusal(&gate, url, Trust::Content).is_none()).collect();
    assert!(through.is_empty(), "{through:?}");
}

#[test]
fn no_answer_of_a_resolver_leads_inside() {
    let gate = Gate::new(&[]);
    let mut n_addresses = 0;
    for text in INSIDE_URLS {
        let Some(address) = Url::parse(text).ok().and_then(|url| match url.host()? {
            Host::Ipv4(address) => Some(IpAddr::V4(address)),
            Host::Ipv6(address) => Some(IpAddr::V6(address)),
            Host::Domain(_) => None,
        }) else {
            continue;
        };
        if address == IpAddr::V4(Ipv4Addr::new(8, 8, 8, 8)) {
            continue;
        }
        n_addresses += 1;
        let outcome = gate.admit("trap.example", vec![address], Trust::Content);
        assert!(matches!(outcome, Err(NetError::Refused { .. })), "{text} led to {address}");
    }
    assert!(n_addresses > 100, "{n_addresses}");
}

#[test]
fn the_world_outside_stays_reachable() {
    let gate = Gate::new(&[]);
    for text in OUTSIDE {
        let address: IpAddr = text.parse().unwrap();
        assert_eq!(gate.check_address(address, Trust::Content), Ok(()), "{text}");
        let url = if address.is_ipv6() { format!("https://[{text}]/feed") } else { format!("https://{text}/feed") };
        assert!(refusal(&gate, &url, Trust::Content).is_none(), "{url}");
    }
    for url in ["https://example.com/feed", "http://müller.example:8080/", "https://localhost.example/"] {
        assert!(refusal(&gate, url, Trust::Content).is_none(), "{url}");
    }
}

#[test]
fn of_a_mixed_answer_only_the_outside_is_kept() {
    let gate = Gate::new(&[]);
    let mixed = ["10.0.0.1", "8.8.8.8", "::1", "2606:4700::1"].map(|text| text.parse().unwrap()).to_vec();
    let kept = gate.admit("mixed.example", mixed, Trust::Content).unwrap();
    assert_eq!(kept.iter().map(ToString::to_string).collect::<Vec<_>>(), ["8.8.8.8", "2606:4700::1"]);
}

#[test]
fn an_allowed_network_opens_itself_and_nothing_else() {
    let gate = Gate::new(&["127.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()]);
    for open in ["http://127.0.0.1/", "http://2130706433/", "http://[::ffff:127.9.9.9]/", "http://[fd12::1]/"] {
        assert!(refusal(&gate, open, Trust::Content).is_none(), "{open}");
    }
    for shut in ["http://10.0.0.1/", "http://[::1]/", "http://[fc00::1]/", "http://169.254.169.254/"] {
        assert!(refusal(&gate, shut, Trust::Content).is_some(), "{shut}");
    }
}

#[test]
fn an_operator_may_name_a_house_but_no_nonsense() {
    let gate = Gate::new(&[]);
    let (private, public) = (Trust::Operator { private: true }, Trust::Operator { private: false });
    for url in ["http://127.0.0.1/", "http://user:pw@10.1.2.3/", "http://[fd00::1]/", "http://100.64.0.1/"] {
        assert!(refusal(&gate, url, private).is_none(), "{url}");
        assert!(refusal(&gate, url, public).is_some(), "{url}");
    }
    for url in
        ["http://0.0.0.0/", "http://224.0.0.1/", "http://255.255.255.255/", "http://[2002:7f00:1::]/", "file:///x"]
    {
        assert!(refusal(&gate, url, private).is_some(), "{url}");
    }
}

proptest! {
    #[test]
    fn any_text_is_judged_without_panic(text in ".{0,60}") {
        let gate = Gate::new(&[]);
        let _ = refusal(&gate, &format!("http://{text}/"), Trust::Content);
        let _ = refusal(&gate, &text, Trust::Content);
    }

    #[test]
    fn wrapping_an_address_never_makes_it_better(bits in any::<u32>()) {
        let inside = Ipv4Addr::from_bits(bits);
        let plain = address_kind(IpAddr::V4(inside));
        let (high, low) = ((bits >> 16) as u16, bits as u16);
        for wrapped in [
            inside.to_ipv6_mapped(),
            Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, high, low),
        ] {
            prop_assert_eq!(address_kind(IpAddr::V6(wrapped)), plain);
        }
        for tunnel in [inside.to_ipv6_compatible(), Ipv6Addr::new(0x2002, high, low, 0, 0, 0, 0, 0)] {
            prop_assert_ne!(address_kind(IpAddr::V6(tunnel)), AddressKind::Global);
        }
    }
}
