/// The table of all endpoints.
#pragma once

#include <span>

#include "handlers/application.h"

namespace gatehouse::handlers {

[[nodiscard]] std::span<const Endpoint> routes() noexcept;

// One file each.
http::Response home(const Services& services, http::Request& request);
http::Response auth(const Services& services, http::Request& request);
http::Response login(const Services& services, http::Request& request);
http::Response logout(const Services& services, http::Request& request);
http::Response note_logout(const Services& services, http::Request& request);
http::Response list_sessions(const Services& services, http::Request& request);
http::Response end_session(const Services& services, http::Request& request);
http::Response end_other_sessions(const Services& services, http::Request& request);
http::Response change_password(const Services& services, http::Request& request);
http::Response healthz(const Services& services, http::Request& request);
http::Response readyz(const Services& services, http::Request& request);

}  // namespace gatehouse::handlers
