//! Patterns over test ids: `*` stands for any characters, `/` and `@` included, `?` for one.

/// Whether a whole text has the form of a pattern.
#[must_use]
pub fn matches(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    let (mut p, mut t) = (0, 0);
    // Where the last star was, and how far the text was when it was taken up.
    let mut star = None;
    while t < text.len() {
        match (pattern.get(p), text.get(t)) {
            (Some('*'), _) => {
                star = Some((p, t));
                p += 1;
            }
            (Some(want), Some(have)) if *want == '?' || want == have => {
                p += 1;
                t += 1;
            }
            _ => match star {
                Some((at, taken)) => {
                    p = at + 1;
                    t = taken + 1;
                    star = Some((at, taken + 1));
                }
                None => return false,
            },
        }
    }
    pattern
        .get(p..)
        .is_some_and(|rest| rest.iter().all(|c| *c == '*'))
}

/// Whether a text is a pattern rather than a name.
#[must_use]
pub fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, text: &str, expected: bool) {
        assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
    }

    #[test]
    fn a_star_stands_for_anything() {
        check("*", "", true);
        check("*", "qos2/redelivered@5.0", true);
        check("qos2/*", "qos2/redelivered@5.0+zero", true);
        check("*@5.0", "qos2/redelivered@5.0", true);
        check("*@5.0", "qos2/redelivered@5.0+zero", false);
        check("q*2/*@*", "qos2/redelivered@5.0", true);
        check("**", "ab", true);
        check("a*b", "a", false);
    }

    #[test]
    fn a_question_mark_stands_for_one_character() {
        check("qos?/a", "qos2/a", true);
        check("qos?/a", "qos/a", false);
        check("?", "\u{e9}", true);
    }

    #[test]
    fn a_name_matches_itself_alone() {
        check("a/b", "a/b", true);
        check("a/b", "a/bc", false);
        check("a/b", "a/c", false);
    }
}
