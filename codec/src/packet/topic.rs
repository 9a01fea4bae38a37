//! Topic names and topic filters as fields of packets.

use crate::error::{DecodeError, DecodeErrorKind, Field};
use crate::topic::{TopicError, TopicFilter, TopicName};
use crate::wire::Reader;

/// Reads a topic name; `None` where it is empty.
#[inline]
pub(super) fn decode_name<'a>(
    reader: &mut Reader<'a>,
    field: Field,
) -> Result<Option<TopicName<'a>>, DecodeError> {
    let text = reader.text_unless_nul(field)?;
    match TopicName::new(text) {
        Ok(topic) => Ok(Some(topic)),
        Err(TopicError::Empty) => Ok(None),
        Err(error) => Err(decode_error(reader, error, field, text)),
    }
}

/// Reads a topic filter by the rules of the reader's version.
pub(super) fn decode_filter<'a>(reader: &mut Reader<'a>) -> Result<TopicFilter<'a>, DecodeError> {
    let text = reader.text_unless_nul(Field::TopicFilter)?;
    TopicFilter::new(text, reader.context().version)
        .map_err(|error| decode_error(reader, error, Field::TopicFilter, text))
}

/// The error of a text that the reader has just read.
#[cold]
fn decode_error(reader: &Reader<'_>, error: TopicError, field: Field, text: &str) -> DecodeError {
    let start = reader.offset() - text.len();
    let (kind, at) = match error {
        TopicError::Empty => (DecodeErrorKind::EmptyTopic(field), 0),
        TopicError::TooLong => (DecodeErrorKind::Truncated(field), 0),
        TopicError::Nul(at) => (DecodeErrorKind::NulCharacter(field), at),
        TopicError::WildcardInName(at) => (DecodeErrorKind::WildcardInTopic(field), at),
        TopicError::MultiLevelWildcard(at) => (DecodeErrorKind::MultiLevelWildcard, at),
        TopicError::SingleLevelWildcard(at) => (DecodeErrorKind::SingleLevelWildcard, at),
        TopicError::SharedSubscription(at) if has_empty_share_name(text) => {
            (DecodeErrorKind::EmptyShareName, at)
        }
        TopicError::SharedSubscription(at) => (DecodeErrorKind::SharedSubscription, at),
    };
    reader.error_at(kind, start + at)
}

fn has_empty_share_name(text: &str) -> bool {
    let name = text.strip_prefix("$share/").unwrap_or_default();
    name.is_empty() || name.starts_with('/')
}
