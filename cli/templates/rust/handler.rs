//! The code behind `{{ endpoint.path }}`: who may connect, and what is answered.
//!
//! This file is yours. It was created once and is never touched again.
{%- if module.state.is_default %}
//! To publish from it, keep `state.channels().sender(..)` in your type.
{%- else %}
//! To publish from it, `use {{ crates.axum }}::extract::FromRef` and keep
//! `{{ crates.autumn_ws }}::AppState::from_ref(state).channels().sender(..)` in your type.
{%- endif %}

use {{ crates.autumn_ws }}::{{ runtime }};

use super::{{ beside }};

/// A connected client of `{{ endpoint.path }}`, with what to remember between its events.
pub struct {{ endpoint.camel }};

impl {{ handler.trait_name }} for {{ endpoint.camel }} {
{%- for stub in stubs %}
{%- if !loop.first %}
{% endif %}
{{ stub.code }}
{%- endfor %}
}
