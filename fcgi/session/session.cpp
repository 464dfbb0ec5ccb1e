#include "session/session.h"

namespace gatehouse::session {

void SessionUser::learn_attributes(const user::Attributes& now) {
  const Details* const details = details_.get();
  const bool has_some = details != nullptr && details->attributes.get() != nullptr;
  if (now.empty() && !has_some) return;
  auto& known = details_.get_or_make().attributes.get_or_make();
  if (known.with([&](const auto& before) { return before && *before == now; })) return;
  auto fresh = now.empty() ? nullptr : std::make_shared<const user::Attributes>(now);
  known.with([&](user::AttributesPtr& place) { place.swap(fresh); });
}

Lifetimes lifetimes_of(const config::Session& settings) {
  return {
      .browser = {.idle = settings.idle_timeout, .absolute = settings.absolute_lifetime},
      .persistent = {.idle = settings.remember_idle_timeout,
                     .absolute = settings.remember_lifetime},
  };
}

}  // namespace gatehouse::session
