/// The services that all handlers share.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>

#include "base/repeated.h"
#include "config/settings.h"
#include "guard/device_mint.h"
#include "guard/proxy_suspicion.h"
#include "http/cookie.h"
#include "password/new_password.h"
#include "session/sessions.h"
#include "user/authenticator.h"

namespace gatehouse::handlers {

/// References to what the program has made once, for all requests. Every part is thread-safe and
/// must outlive the Application.
struct Services {
  session::Sessions& sessions;
  user::Authenticator& authenticator;
  const password::NewPasswordRules& new_passwords;
  const http::SessionCookie& cookie;
  const guard::DeviceMint& devices;
  /// For how long a device is known after a login.
  std::chrono::seconds known_for;
  std::size_t max_body_bytes;
  /// Whether a login and a logout would work now (session::Sessions::ready). Without patience it
  /// may not know.
  std::function<std::optional<bool>(session::Patience)> ready;
  /// Whether the session keys are claimed. Until they are, the other hosts may refuse a token that
  /// is made here, and not learn of a session that is revoked here.
  std::function<bool()> keys_claimed = [] { return true; };
  /// Notices a proxy whose address nginx tells in the place of the visitors' own.
  std::shared_ptr<guard::ProxySuspicion> proxies = std::make_shared<guard::ProxySuspicion>();
  config::UnfitAttribute unfit_attribute = config::UnfitAttribute::refuse;
  /// Visitors whom /auth refuses since no header can carry their name, their id or an attribute.
  std::shared_ptr<Repeated> unfit_names = std::make_shared<Repeated>();
  std::shared_ptr<Repeated> unfit_ids = std::make_shared<Repeated>();
  std::shared_ptr<Repeated> unfit_attributes = std::make_shared<Repeated>();
};

}  // namespace gatehouse::handlers
