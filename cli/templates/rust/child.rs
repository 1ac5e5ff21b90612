{%- if is_included %}
/// A module of endpoints.
#[allow(missing_debug_implementations, unreachable_pub, reason = "public for the rest of the application")]
{%- endif %}
{%- if child.is_namesake %}
#[allow(clippy::module_inception, reason = "a spec may be called like its folder")]
{%- endif %}
pub mod {{ child.name }};
