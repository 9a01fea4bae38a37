//! The word that may have been meant.

/// The candidate that is at most two edits away from a word; the first of the nearest. Case is ignored.
///
/// An edit is a letter too much, too few, another, or two exchanged; fewer edits than the word has letters.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word: Vec<u8> = word.to_ascii_lowercase().into_bytes();
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let distance = distance(&word, &candidate.to_ascii_lowercase().into_bytes())?;
            (distance < word.len()).then_some((distance, candidate))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The number of edits between two words; `None` for more than [`DISTANCE_MAX`].
fn distance(a: &[u8], b: &[u8]) -> Option<usize> {
    if a.len().abs_diff(b.len()) > DISTANCE_MAX {
        return None;
    }
    // The cells that are asked for are all there.
    let at = |row: &[usize], index: usize| row.get(index).copied().unwrap_or_default();
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, to) in b.iter().enumerate() {
            let replaced = at(&above, j) + usize::from(from != to);
            let mut best = replaced.min(at(&above, j + 1) + 1).min(at(&row, j) + 1);
            let is_exchange =
                i > 0 && j > 0 && a.get(i - 1) == Some(to) && b.get(j - 1) == Some(from);
            if is_exchange {
                best = best.min(at(&before, j - 1) + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut above, row);
    }
    above
        .last()
        .copied()
        .filter(|distance| *distance <= DISTANCE_MAX)
}

/// More edits than this make another word.
const DISTANCE_MAX: usize = 2;
