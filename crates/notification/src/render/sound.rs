//! Whether words of a network are sound whatever the values are: every variant is read, not only the one that a sample chooses.

use fluent_bundle::FluentResource;
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};

use super::words::{RenderError, Values, Word};

/// Most braces in one another.
const DEPTH_MAX: usize = 8;
/// Most braces and brackets that open: no pattern is nested deeper than this, however it is written.
const OPENINGS_MAX: usize = 64;

/// Refuses words that are nested too deeply to be parsed: the parser calls itself for each brace.
///
/// # Errors
/// [`RenderError::Unreadable`].
pub(super) fn shallow(text: &str) -> Result<(), RenderError> {
    let (mut depth, mut deepest, mut openings) = (0_usize, 0_usize, 0_usize);
    for c in text.chars() {
        match c {
            '{' => (depth, openings) = (depth + 1, openings + 1),
            '(' => openings += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    if deepest > DEPTH_MAX || openings > OPENINGS_MAX {
        let detail = format!("at most {DEPTH_MAX} braces in one another and {OPENINGS_MAX} in all");
        return Err(RenderError::Unreadable(detail));
    }
    Ok(())
}

/// The longest that words can become with some values, whichever variants are chosen.
///
/// # Errors
/// [`RenderError`] if a variant looks something up that is not there, chosen or not.
pub(super) fn longest(resource: &FluentResource, values: &Values) -> Result<String, RenderError> {
    let Some(pattern) = pattern(resource) else { return Err(RenderError::NoWords("own".to_owned())) };
    of_pattern(pattern, values)
}

/// Whether words name one of some variables, whichever variants are chosen.
pub(super) fn names_one(resource: &FluentResource, names: &[&str]) -> bool {
    pattern(resource).is_some_and(|pattern| pattern_names(pattern, names))
}

fn pattern(resource: &FluentResource) -> Option<&Pattern<&str>> {
    resource.entries().find_map(|entry| match entry {
        Entry::Message(message) => message.value.as_ref(),
        _ => None,
    })
}

fn of_pattern(pattern: &Pattern<&str>, values: &Values) -> Result<String, RenderError> {
    let mut text = String::new();
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => text.push_str(value),
            PatternElement::Placeable { expression } => text.push_str(&of_expression(expression, values)?),
        }
    }
    Ok(text)
}

fn of_expression(expression: &Expression<&str>, values: &Values) -> Result<String, RenderError> {
    match expression {
        Expression::Inline(inline) => of_inline(inline, values),
        Expression::Select { selector, variants } => {
            of_inline(selector, values)?;
            let mut longest = String::new();
            for variant in variants {
                let text = of_pattern(&variant.value, values)?;
                if variant.default && text.trim().is_empty() {
                    return Err(RenderError::Unreadable("the default of a choice says nothing".to_owned()));
                }
                if text.chars().count() > longest.chars().count() {
                    longest = text;
                }
            }
            Ok(longest)
        }
    }
}

fn of_inline(inline: &InlineExpression<&str>, values: &Values) -> Result<String, RenderError> {
    match inline {
        InlineExpression::StringLiteral { value } | InlineExpression::NumberLiteral { value } => {
            Ok((*value).to_owned())
        }
        InlineExpression::VariableReference { id } => match values.get(id.name) {
            Some(Word::Text(text)) => Ok(text.clone()),
            Some(Word::Number(number)) => Ok(number.to_string()),
            None => Err(RenderError::UnknownVariables(vec![id.name.to_owned()])),
        },
        InlineExpression::Placeable { expression } => of_expression(expression, values),
        InlineExpression::FunctionReference { id, .. }
        | InlineExpression::MessageReference { id, .. }
        | InlineExpression::TermReference { id, .. } => {
            Err(RenderError::Unreadable(format!("nothing is called {}", id.name)))
        }
    }
}

fn pattern_names(pattern: &Pattern<&str>, names: &[&str]) -> bool {
    pattern.elements.iter().any(|element| match element {
        PatternElement::TextElement { .. } => false,
        PatternElement::Placeable { expression } => expression_names(expression, names),
    })
}

fn expression_names(expression: &Expression<&str>, names: &[&str]) -> bool {
    match expression {
        Expression::Inline(InlineExpression::VariableReference { id }) => names.contains(&id.name),
        Expression::Inline(InlineExpression::Placeable { expression }) => expression_names(expression, names),
        Expression::Inline(_) => false,
        Expression::Select { variants, .. } => variants.iter().all(|variant| pattern_names(&variant.value, names)),
    }
}
