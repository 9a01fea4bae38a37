//! The uniform layout of scenario files.

use super::error::ScenarioError;
use super::parse;

/// Lays the text of a file out.
///
/// # Errors
///
/// The mistakes that [`parse`] finds.
pub fn format(text: &str) -> Result<String, Vec<ScenarioError>> {
    parse("", text)?;
    Ok(text.to_owned())
}
