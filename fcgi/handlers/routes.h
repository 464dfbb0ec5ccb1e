/// The table of all endpoints, and the handlers that stand in it.
#pragma once

#include <span>

#include "handlers/endpoint.h"
#include "handlers/services.h"

namespace gatehouse::handlers {

[[nodiscard]] std::span<const Endpoint> routes() noexcept;

// A file of the same name has each, or sessions.cpp, password.cpp and health.cpp.
http::Response home(const Services& services, Visitor& visitor);
http::Response auth(const Services& services, Visitor& visitor);
http::Response login(const Services& services, Visitor& visitor);
http::Response logout(const Services& services, Visitor& visitor);
http::Response list_sessions(const Services& services, Visitor& visitor);
http::Response list_events(const Services& services, Visitor& visitor);
http::Response revoke_session(const Services& services, Visitor& visitor);
http::Response revoke_other_sessions(const Services& services, Visitor& visitor);
http::Response revoke_by_form(const Services& services, Visitor& visitor);
http::Response password_rules(const Services& services, Visitor& visitor);
http::Response change_password(const Services& services, Visitor& visitor);
http::Response use_link(const Services& services, Visitor& visitor);
http::Response health(const Services& services, Visitor& visitor);

}  // namespace gatehouse::handlers
