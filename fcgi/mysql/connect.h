/// Opens connections with the options without which the library is not to be trusted. Private to
/// mysql/.
#pragma once

#include <cppconn/connection.h>

#include <memory>
#include <string_view>

#include "base/secret.h"
#include "config/settings.h"

namespace gatehouse::mysql {

/// Connects to the one server of the settings; throws sql::SQLException. The session's texts are in
/// utf8mb4, its SQL mode is the server's with STRICT_ALL_TABLES and without EMPTY_STRING_IS_NULL.
/// The server gives up locks and long statements a little before the read time-out, so that it does
/// not go on with what nobody waits for.
std::unique_ptr<sql::Connection> connect(const config::Mysql& settings, const Secret& password);

/// Whether the settings demand TLS: over TCP, unless to a loopback address without `tls_ca`.
[[nodiscard]] bool demands_tls(const config::Mysql& settings);

}  // namespace gatehouse::mysql
