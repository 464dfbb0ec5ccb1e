/// `if (…)`.
#pragma once

#include "nginx/request.h"
#include "nginx/site.h"

namespace gatehouse::nginx {

enum class Truth { no, yes, either };

/// `either` for what depends on more than the address: headers, methods, the time, files. What is
/// asked of $request_uri is such, too, since a visitor may write one address in many ways. With
/// `is_question` no file is there for the address. Sets the groups of an expression that matched.
[[nodiscard]] Truth truth_of(const Op& op, Request& request, bool is_question);

}  // namespace gatehouse::nginx
