//! The code behind `{{ endpoint.path }}`: who may enter, and what is answered.
//!
//! This file is yours. It was created once and is never touched again.
{%- if module.state.is_default %}
//! To publish from it, keep `state.channels().sender(..)` in your type.
{%- else %}
//! To publish from it, `use axum::extract::FromRef` and keep
//! `autumn_ws::AppState::from_ref(state).channels().sender(..)` in your type.
{%- endif %}

{{ use_runtime }}

{{ use_super }}

/// One connected client of `{{ endpoint.path }}`, with what is to be remembered between its events.
pub struct {{ endpoint.camel }};

impl {{ handler.trait_name }} for {{ endpoint.camel }} {
{%- for method in methods %}
{%- if !loop.first %}
{% endif %}
{{ method }}
{%- endfor %}
}
