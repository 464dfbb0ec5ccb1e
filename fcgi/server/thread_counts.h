/// How many threads there are, where the settings leave it open.
#pragma once

#include "config/settings.h"
#include "password/kdf/engine.h"

namespace gatehouse::server {

/// Half as many threads as cores, since nginx needs the other half and more to bring them their
/// requests, and a thread that finds several requests waiting goes to sleep less often, which saves
/// nginx the waking.
[[nodiscard]] unsigned instant_threads(const config::Server& settings) noexcept;

/// On every core: half of the threads as the engine's usual ones, the others of the idle class.
/// With login_threads there are so many usual ones and no other.
[[nodiscard]] password::Engine::Threads engine_threads(const config::Server& settings) noexcept;

/// Login threads mostly wait: for MySQL, and for the engine, each of whose threads has room for
/// eight chains. Each may need a connection to MySQL, so there is an end to it.
[[nodiscard]] unsigned logins_at_once(const config::Server& settings) noexcept;

}  // namespace gatehouse::server
