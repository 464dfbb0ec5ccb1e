/// Several functions that a login computes one after the other for one hash.
#pragma once

#include <string>
#include <vector>

#include "password/kdf/kdf.h"

namespace gatehouse::password {

/// All of `parts` over the same password and salt. It derives the digests one after the other, and
/// costs what they cost together. Its digest matches nothing: it stands for the work of a failed
/// login whose hash has several readings (see equaliser.h).
[[nodiscard]] KdfPointer make_sum(std::vector<KdfPointer> parts);

}  // namespace gatehouse::password
