/// Translates the error numbers of MySQL, MariaDB and their client library into our errors. Private
/// to mysql/.
#pragma once

#include <cppconn/exception.h>

#include <string>

#include "base/error.h"

namespace gatehouse::mysql {

/// True if the connection is dead or in an unknown state after that error: it and its statements
/// are to be destroyed.
[[nodiscard]] bool breaks_connection(int code) noexcept;

/// Makes the error of a statement on an open connection: `unavailable` if the connection is broken
/// or something kept the server from answering (a lock, a deadlock, a time limit, no room, an
/// expired password), `invalid` if a column's character set cannot hold a value, else `failed`: an
/// answer about the statement itself.
[[nodiscard]] Error statement_error(const sql::SQLException& error);

/// Makes the error of an attempt to connect: `unavailable` without an answer in time, `refused`
/// where the server has no room for one more connection, `failed` for any other answer.
[[nodiscard]] Error connect_error(const sql::SQLException& error);

}  // namespace gatehouse::mysql
