//! Languages that their letters alone give away, or nearly.

/// How many letters of a script a text has, and what that says.
#[derive(Debug, Clone, Copy, Default)]
pub struct Letters {
    /// All letters.
    pub all: usize,
    /// Those of Latin letters and of Cyrillic ones that our lists know.
    listed: usize,
    /// Letters of other scripts and languages, by [`OTHERS`].
    others: [usize; OTHERS.len()],
}

/// Languages that a letter speaks for; where several have letters, the first that reaches its share wins.
const OTHERS: [&str; 18] =
    ["ja", "ko", "zh", "hi", "fa", "ur", "ar", "el", "he", "th", "ka", "hy", "ta", "bn", "vi", "uk", "sr", "mk"];

/// Letters that only this language of its script has: one in so many is enough.
const RARE_SHARE: usize = 25;

/// The same for the kana of Japanese, of which faces are drawn elsewhere: `¯\_(ツ)_/¯`.
const KANA_SHARE: usize = 6;

/// Languages whose own letters are few among those that they share.
const OF_RARE_LETTERS: [&str; 6] = ["fa", "ur", "vi", "uk", "sr", "mk"];

impl Letters {
    /// Counts the letters of `word`.
    pub fn see(&mut self, word: &str) {
        if word.is_ascii() {
            let letters = word.bytes().filter(u8::is_ascii_alphabetic).count();
            self.all += letters;
            self.listed += letters;
            return;
        }
        for letter in word.chars().filter(|letter| letter.is_alphabetic()) {
            self.all += 1;
            match other_of(letter) {
                Some(code) => {
                    let cells = OTHERS.iter().zip(&mut self.others);
                    cells.filter(|(other, _)| **other == code).for_each(|(_, count)| *count += 1);
                }
                None => self.listed += 1,
            }
        }
    }

    /// The language that the letters give away.
    pub fn language(&self) -> Option<&'static str> {
        let reaches = |(code, count): &(&'static str, usize)| {
            let share = match *code {
                "ja" => KANA_SHARE,
                code if OF_RARE_LETTERS.contains(&code) => RARE_SHARE,
                _ => 2,
            };
            // A lone letter in a text of others is a joke or a name.
            *count >= 2 && *count * share >= self.all
        };
        OTHERS.into_iter().zip(self.others).find(reaches).map(|(code, _)| code)
    }
}

/// The language that `letter` speaks for, where our lists have none that uses it.
fn other_of(letter: char) -> Option<&'static str> {
    Some(match letter {
        '\u{0000}'..='\u{036f}' if !matches!(letter, 'ơ' | 'ư') => return None,
        'ơ' | 'ư' | '\u{1ea0}'..='\u{1ef9}' => "vi",
        '\u{0370}'..='\u{03ff}' | '\u{1f00}'..='\u{1fff}' => "el",
        'і' | 'ї' | 'є' | 'ґ' => "uk",
        'ј' | 'љ' | 'њ' | 'ћ' | 'ђ' | 'џ' => "sr",
        'ќ' | 'ѓ' | 'ѕ' => "mk",
        '\u{0530}'..='\u{058f}' => "hy",
        '\u{0590}'..='\u{05ff}' => "he",
        'پ' | 'چ' | 'ژ' | 'گ' | 'ی' | 'ک' => "fa",
        'ٹ' | 'ڈ' | 'ڑ' | 'ے' | 'ں' | 'ہ' => "ur",
        '\u{0600}'..='\u{06ff}' | '\u{0750}'..='\u{077f}' => "ar",
        '\u{0900}'..='\u{097f}' => "hi",
        '\u{0980}'..='\u{09ff}' => "bn",
        '\u{0b80}'..='\u{0bff}' => "ta",
        '\u{0e00}'..='\u{0e7f}' => "th",
        '\u{10a0}'..='\u{10ff}' => "ka",
        '\u{1100}'..='\u{11ff}' | '\u{ac00}'..='\u{d7af}' => "ko",
        '\u{3040}'..='\u{30ff}' => "ja",
        '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{2ffff}' => "zh",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<&str>) {
        let mut letters = Letters::default();
        text.split(' ').for_each(|word| letters.see(word));
        assert_eq!(letters.language(), expected, "{text}");
    }

    #[test]
    fn letters_give_a_language_away() {
        check("今日はとても良い天気ですね", Some("ja"));
        check("今天天气很好", Some("zh"));
        check("오늘 날씨가 좋네요", Some("ko"));
        check("الطقس جميل اليوم", Some("ar"));
        check("سلام چطوری دوست من", Some("fa"));
        check("आज मौसम अच्छा है", Some("hi"));
        check("ο καιρός είναι ωραίος", Some("el"));
        check("сьогодні гарна погода і їжа", Some("uk"));
        check("hôm nay trời rất đẹp được không", Some("vi"));
    }

    #[test]
    fn letters_of_our_lists_give_nothing_away() {
        check("heute ist schönes wetter", None);
        check("сегодня хорошая погода", None);
        check("see you in tokyo 東", None);
        check("so ist das eben シ シ mit der bahn", None);
    }
}
