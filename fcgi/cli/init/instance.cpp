#include "cli/init/instance.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "base/log.h"

namespace gatehouse::cli::init {
namespace {

constexpr std::size_t kLongestName = 20;

bool is_lower(char c) noexcept {
  return c >= 'a' && c <= 'z';
}

/// These are names of files beside those of the sites.
bool is_taken(std::string_view text) {
  return text == "fcgi" || text == "snippets";
}

bool is_name(std::string_view text) {
  return !text.empty() && !is_taken(text) && text.size() <= kLongestName &&
         is_lower(text.front()) && std::all_of(text.begin(), text.end(), [](char c) {
           return is_lower(c) || (c >= '0' && c <= '9') || c == '-';
         });
}

}  // namespace

Result<Instance> Instance::named(std::string_view site) {
  if (site.empty() || is_name(site)) return Instance(site);
  return fail(Error::Kind::invalid,
              fmt::format("--site {}: a name has a to z, 0 to 9 and hyphens, begins with a letter "
                          "and has at most {} characters, for example --site shop",
                          log::quoted(site), kLongestName));
}

Instance Instance::of(const std::filesystem::path& config_file) {
  std::error_code error;
  const auto file = std::filesystem::absolute(config_file, error).lexically_normal();
  auto site = named(file.parent_path().filename().string());
  return site && site->config_file() == file ? std::move(*site) : Instance("");
}

std::string Instance::user() const {
  return is_first() ? "gatehouse" : "gatehouse-" + site_;
}

std::filesystem::path Instance::folder() const {
  return is_first() ? "/etc/gatehouse" : "/etc/gatehouse/" + site_;
}

std::filesystem::path Instance::config_file() const {
  return folder() / "gatehouse.toml";
}

std::string Instance::listen() const {
  return is_first() ? "unix:/run/gatehouse/fcgi.sock"
                    : fmt::format("unix:/run/gatehouse/{}.sock", site_);
}

std::string Instance::service_unit() const {
  return is_first() ? "gatehouse.service" : fmt::format("gatehouse@{}.service", site_);
}

std::string Instance::socket_unit() const {
  return is_first() ? "gatehouse.socket" : fmt::format("gatehouse@{}.socket", site_);
}

std::filesystem::path Instance::socket_drop_in() const {
  return fmt::format("/etc/systemd/system/{}.d/nginx.conf", socket_unit());
}

std::filesystem::path Instance::sysusers_file() const {
  return is_first() ? "/usr/lib/sysusers.d/gatehouse.conf"
                    : fmt::format("/etc/sysusers.d/{}.conf", user());
}

std::filesystem::path Instance::upstream_file() const {
  return fmt::format("/etc/nginx/gatehouse/sites/{}.conf", site_);
}

std::filesystem::path Instance::names_file() const {
  return fmt::format("/etc/nginx/gatehouse/sites/{}.map", site_);
}

}  // namespace gatehouse::cli::init
