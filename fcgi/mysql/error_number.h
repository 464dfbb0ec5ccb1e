/// The number of an error of MySQL's, for those who tell an administrator what to do about it.
#pragma once

#include "base/error.h"

namespace gatehouse::mysql {

/// The number that the server or its client library gave the error, such as 1045, as it stands in
/// the text of every error of this floor (`MySQL error 1045: …`), also where another text stands
/// around it; 0 if the error came from elsewhere. Thread-safe.
[[nodiscard]] int error_number(const Error& error);

}  // namespace gatehouse::mysql
