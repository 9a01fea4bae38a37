//! Patterns over test ids: `*` stands for any characters, `/` and `@` included, `?` for one.

/// Whether a whole text has the form of a pattern.
#[must_use]
pub fn matches(pattern: &str, text: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else {
        return matches_plain(pattern, text);
    };
    let head_len = head.chars().count();
    let Some((at, _)) = text.char_indices().chain([(text.len(), ' ')]).nth(head_len) else {
        return false;
    };
    let (start, end) = text.split_at(at);
    matches_plain(head, start)
        && end
            .char_indices()
            .map(|(at, _)| at)
            .chain([end.len()])
            .any(|at| end.get(at..).is_some_and(|tail| matches(rest, tail)))
}

/// Whether a text is a pattern rather than a name.
#[must_use]
pub fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?'])
}

fn matches_plain(pattern: &str, text: &str) -> bool {
    pattern.chars().count() == text.chars().count()
        && pattern
            .chars()
            .zip(text.chars())
            .all(|(expected, found)| expected == '?' || expected == found)
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
