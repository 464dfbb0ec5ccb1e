#include "cli/init/option_files.h"

#include <algorithm>
#include <array>
#include <set>
#include <system_error>
#include <utility>

#include "base/encoding.h"
#include "config/load.h"
#include "nginx/files.h"

namespace gatehouse::cli::init {
namespace {

constexpr std::size_t kMostFiles = 100;
constexpr std::array<std::string_view, 8> kSocketGroups = {
    "mysqld",        "mariadbd", "mariadb",        "server",
    "client-server", "client",   "client-mariadb", "mysqld_safe"};

std::string_view stripped(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r";
  const auto begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

/// A comment may follow a value, behind a blank.
std::string_view without_comment(std::string_view value) {
  if (value.starts_with('"') || value.starts_with('\'')) {
    for (std::size_t i = 1; i < value.size(); ++i) {
      if (value[i] == value.front()) return value.substr(0, i + 1);
      if (value[i] == '\\') ++i;
    }
    return value;
  }
  const auto at = value.find(" #");
  return stripped(value.substr(0, at));
}

char unescaped(char c) {
  switch (c) {
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case 'r':
      return '\r';
    case 'b':
      return '\b';
    case 's':
      return ' ';
    default:
      return c;
  }
}

std::string value_of(std::string_view text) {
  text = without_comment(stripped(text));
  const bool is_quoted = text.size() >= 2 && (text.front() == '"' || text.front() == '\'') &&
                         text.back() == text.front();
  if (is_quoted) text = text.substr(1, text.size() - 2);
  std::string value;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      value += unescaped(text[++i]);
    } else {
      value += text[i];
    }
  }
  return value;
}

void read_file_into(const std::filesystem::path& file, std::set<std::filesystem::path>& seen,
                    std::vector<Option>& options) {
  if (seen.size() >= kMostFiles || !seen.insert(file).second) return;
  const auto text = nginx::read_whole(file);
  if (!text) return;
  std::vector<std::string> includes;
  auto own = parse_options(*text, &includes);
  std::move(own.begin(), own.end(), std::back_inserter(options));
  for (const std::string& include : includes) {
    const auto blank = include.find(' ');
    const std::filesystem::path what = include.substr(blank + 1);
    std::error_code error;
    if (include.starts_with("!includedir")) {
      std::vector<std::filesystem::path> names;
      for (const auto& entry : std::filesystem::directory_iterator(what, error)) {
        if (entry.path().extension() == ".cnf") names.push_back(entry.path());
      }
      std::sort(names.begin(), names.end());
      for (const auto& name : names) read_file_into(name, seen, options);
    } else {
      read_file_into(what, seen, options);
    }
  }
}

}  // namespace

std::vector<Option> parse_options(std::string_view text, std::vector<std::string>* includes) {
  std::vector<Option> options;
  std::string group;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view line = stripped(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    if (line.front() == '!') {
      const auto blank = line.find_first_of(" \t");
      if (includes != nullptr && blank != std::string_view::npos) {
        includes->push_back(std::string(line.substr(0, blank)) + " " +
                            std::string(stripped(line.substr(blank))));
      }
    } else if (line.front() == '[') {
      group = line.substr(1, std::min(line.find(']'), line.size()) - 1);
    } else {
      const auto equals = line.find('=');
      std::string name(stripped(line.substr(0, equals)));
      std::replace(name.begin(), name.end(), '-', '_');
      const bool has_value = equals != std::string_view::npos;
      options.push_back(
          {group, std::move(name), has_value ? value_of(line.substr(equals + 1)) : ""});
    }
  }
  return options;
}

std::vector<Option> read_options(const std::filesystem::path& file) {
  std::set<std::filesystem::path> seen;
  std::vector<Option> options;
  read_file_into(file, seen, options);
  return options;
}

std::vector<std::string> sockets_in(const std::vector<Option>& options) {
  std::vector<std::string> sockets;
  for (const Option& option : options) {
    const std::string_view group = option.group;
    // `[mariadb-10.11]` and `[mysqld-8.0]` are groups for one version of the server.
    const bool is_known =
        std::find(kSocketGroups.begin(), kSocketGroups.end(), group) != kSocketGroups.end() ||
        group.starts_with("mariadb-") || group.starts_with("mysqld-");
    if (is_known && option.name == "socket" && option.value.starts_with('/')) {
      sockets.push_back(option.value);
    }
  }
  return sockets;
}

std::vector<Login> stored_logins(const std::vector<std::filesystem::path>& files) {
  std::vector<Login> logins;
  for (const auto& file : files) {
    const auto text = config::read_secret_file(file);
    if (!text) continue;
    Login login{"", Secret(), file.string()};
    for (Option& option : parse_options(text->view())) {
      const bool is_client =
          option.group == "client" || option.group == "mysql" || option.group == "mariadb-client";
      if (is_client && option.name == "user") login.user = option.value;
      if (is_client && option.name == "password") login.password = Secret(std::move(option.value));
    }
    if (login.user.empty() && !login.password.empty()) login.user = "root";
    if (!login.user.empty()) logins.push_back(std::move(login));
  }
  return logins;
}

}  // namespace gatehouse::cli::init
