//! The code behind `{{ endpoint.path }}`: who may enter, and what is answered.
//!
//! This file is yours. It was created once and is never touched again.

{{ use_runtime }}

{{ use_super }}

/// One connected client of `{{ endpoint.path }}`.
pub struct {{ endpoint.camel }};

impl {{ handler.trait_name }} for {{ endpoint.camel }} {
{%- for method in methods %}
{%- if !loop.first %}
{% endif %}
{{ method }}
{%- endfor %}
}
