/// What the settings say of the site's passwords, with the key files that they name.
#pragma once

#include <vector>

#include "base/error.h"
#include "config/settings.h"
#include "password/policy.h"
#include "password/transform.h"

namespace gatehouse::password {

/// The keys in a file of user.key_file or of a step: each line is one, the newest first. A file
/// with other control characters than line ends is one key of bytes. Errors as
/// config::read_secret_file(); `invalid` where there is none, there are more than 16, or one is
/// longer than 1,024 bytes.
[[nodiscard]] Result<std::vector<Secret>> read_keys(const std::filesystem::path& file);
/// The keys in such a text.
[[nodiscard]] Result<std::vector<Secret>> keys_in(const Secret& bytes);

/// The keys of user.key_file; none if it is not set.
[[nodiscard]] Result<std::vector<Secret>> site_keys(const config::User& settings);
/// Reads the keys that steps name: `key` is user.key_file, anything else a path, seen from the
/// folder of the configuration. `settings` must outlive it.
[[nodiscard]] KeyReader key_reader(const config::User& settings);
/// The steps of user.password_transform. The error begins with the key.
[[nodiscard]] Result<Transform> transform_of(const config::User& settings);

/// The policy and the transform of the site. The policy has the schemes of user.scheme. The error
/// begins with the key.
struct Site {
  Policy policy{};
  Transform transform{};
};
[[nodiscard]] Result<Site> site_of(const config::Settings& settings);

/// True if a step or a scheme may read a file, which may say something else at the next reading.
[[nodiscard]] bool may_read_keys(const config::User& settings) noexcept;

/// One for each key of the section [user] whose value cannot be meant.
[[nodiscard]] std::vector<WrongKey> wrong_keys(const config::Settings& settings);

}  // namespace gatehouse::password
