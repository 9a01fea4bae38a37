//! Topic names and topic filters as fields of packets.

use crate::error::{Context, DecodeErrorKind, Field, Refusal};
use crate::topic::{TopicError, TopicFilter, TopicName};
use crate::wire::{self, Reader, STRING_LENGTH_LEN};

/// Reads a topic name; `None` where it is empty.
#[inline(always)]
pub(super) fn decode_name<'a, E: Refusal>(
    reader: &mut Reader<'a, E>,
    field: Field,
) -> Result<Option<TopicName<'a>>, E> {
    let bytes = reader.binary(field)?;
    if let Some(topic) = TopicName::if_plain(bytes) {
        return Ok(Some(topic));
    }
    if bytes.is_empty() {
        return Ok(None);
    }
    decode_unusual_name(bytes, reader.offset(), field, reader.context()).map(Some)
}

/// Checks a topic name that is not plain ASCII, and ends at an offset.
fn decode_unusual_name<E: Refusal>(
    bytes: &[u8],
    end: usize,
    field: Field,
    context: Context,
) -> Result<TopicName<'_>, E> {
    let text = wire::utf8(bytes, end, field, context)?;
    TopicName::new(text).map_err(|error| decode_error(error, field, text, end, context))
}

/// Reads a topic filter by the rules of the reader's version.
pub(super) fn decode_filter<'a, E: Refusal>(
    reader: &mut Reader<'a, E>,
) -> Result<TopicFilter<'a>, E> {
    let text = reader.text_unless_nul(Field::TopicFilter)?;
    TopicFilter::new(text, reader.context().version).map_err(|error| {
        let end = reader.offset();
        decode_error(error, Field::TopicFilter, text, end, reader.context())
    })
}

/// The error of a text that ends at an offset.
#[cold]
fn decode_error<E: Refusal>(
    error: TopicError,
    field: Field,
    text: &str,
    end: usize,
    context: Context,
) -> E {
    let start = end - text.len();
    let (kind, at) = match error {
        // The byte that says so is in the length.
        TopicError::Empty => {
            let kind = DecodeErrorKind::EmptyTopic(field);
            return E::new(kind, start - STRING_LENGTH_LEN, context);
        }
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
    E::new(kind, start + at, context)
}

fn has_empty_share_name(text: &str) -> bool {
    let name = text.strip_prefix("$share/").unwrap_or_default();
    name.is_empty() || name.starts_with('/')
}
