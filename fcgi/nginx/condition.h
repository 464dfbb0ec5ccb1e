/// Decides the condition of an `if (…)`, as far as a configuration alone can decide it.
#pragma once

#include "nginx/request.h"
#include "nginx/site.h"
#include "nginx/walk.h"

namespace gatehouse::nginx {

enum class Truth { no, yes, either };

/// Says whether the condition of `op` holds for the request. The answer is `either` if it depends
/// on more than the address: on headers, the method, the time or files. A condition on $request_uri
/// is `either`, too, since a visitor may write one address in many ways. For the address of an
/// auth_request, which nginx itself asks, there is never a file. If the condition is an expression
/// that matches, its groups are set in the request.
[[nodiscard]] Truth truth_of(const Op& op, Request& request, Visitor::Kind visitor);

}  // namespace gatehouse::nginx
