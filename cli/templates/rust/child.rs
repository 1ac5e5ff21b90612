{%- if is_included %}
/// A module of endpoints.
#[allow(missing_copy_implementations, missing_debug_implementations, redundant_imports, unreachable_pub, reason = "for every edition, and the rest of the application")]
{%- endif %}
{%- if child.is_namesake %}
#[allow(clippy::module_inception, reason = "a spec may be called like its folder")]
{%- endif %}
pub mod {{ child.name }};
