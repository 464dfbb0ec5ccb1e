/// Whether a state change comes from our own pages, as its row asks (CSRF).
#pragma once

#include <optional>

#include "handlers/answers.h"
#include "handlers/visitor.h"

namespace gatehouse::handlers {

/// The outcome that a row with Needs::same_site or Needs::same_site_link answers in the place of
/// its handler; nothing if the request may go on. A refusal is told as an event, with what was
/// compared.
[[nodiscard]] std::optional<Outcome> objection_to_origin(Needs needs, const Visitor& visitor);

}  // namespace gatehouse::handlers
