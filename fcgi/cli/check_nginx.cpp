#include "cli/check_nginx.h"

#include <fmt/format.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <istream>
#include <iterator>
#include <memory>
#include <optional>
#include <ostream>

#include "base/error.h"
#include "cli/command_line.h"
#include "nginx/files.h"
#include "nginx/rules.h"
#include "nginx/socket.h"
#include "user/demand.h"

namespace gatehouse::cli {
namespace {

/// The folders are added since PATH may lack them under systemd and sudo.
constexpr const char* kCommand = "PATH=$PATH:/usr/sbin:/usr/local/sbin nginx -T";

/// Runs nginx and returns what it prints. If nginx refuses its configuration, it says why on
/// standard error by itself.
Result<std::string> ask_nginx() {
  // NOLINTNEXTLINE(cert-env33-c): a constant; nothing of the caller's goes into it
  std::FILE* pipe = ::popen(kCommand, "re");
  if (!pipe) return fail(Error::Kind::failed, "nginx -T cannot be run");
  std::string text;
  std::array<char, 1 << 16> buffer{};
  for (std::size_t got = 0; (got = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    text.append(buffer.data(), got);
  }
  const int status = ::pclose(pipe);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    return fail(Error::Kind::failed,
                "nginx -T fails: run this as root, on a host whose nginx takes its configuration");
  }
  return text;
}

Result<std::string> read_text(const std::string& file, std::istream& in) {
  if (file.empty()) return ask_nginx();
  if (file == "-") return std::string(std::istreambuf_iterator<char>(in), {});
  auto text = nginx::read_whole(file);
  if (!text) return fail(Error::Kind::invalid, file + ": cannot be read");
  return std::move(*text);
}

Result<nginx::Site> read_site(const std::string& file, std::istream& in) {
  const auto text = read_text(file, in);
  if (!text) return tl::unexpected(text.error());
  auto configuration =
      nginx::read_configuration(*text, file.empty() || file == "-" ? "nginx.conf" : file);
  if (!configuration) return tl::unexpected(configuration.error());
  return nginx::Site::build(std::move(*configuration));
}

void write(const nginx::Finding& finding, std::ostream& out) {
  const bool is_warning = finding.weight == nginx::Finding::Weight::warning;
  out << fmt::format("{}: {}{}: {}\n    {}\n", to_string(finding.place),
                     is_warning ? "warning: " : "", finding.rule, finding.what, finding.mend);
}

}  // namespace

int check_nginx(const CheckNginx& what, std::istream& in, std::ostream& out, std::ostream& err) {
  const auto site = read_site(what.file, in);
  if (!site) {
    err << site.error().what << '\n';
    return kUsageError;
  }
  auto findings = nginx::inspect(
      *site, [](std::string_view demand) { return user::Demand::parse(demand).has_value(); });
  if (auto closed = nginx::socket_finding(*site)) findings.push_back(std::move(*closed));
  std::erase_if(findings, [&](const auto& finding) {
    return !what.rules.empty() &&
           std::find(what.rules.begin(), what.rules.end(), finding.rule) == what.rules.end();
  });
  for (const auto& finding : findings) write(finding, out);
  const bool is_open = std::any_of(findings.begin(), findings.end(), [](const auto& finding) {
    return finding.weight == nginx::Finding::Weight::open;
  });
  if (is_open) return kProblems;
  out << site->configuration().name << ": ok\n";
  return kOk;
}

}  // namespace gatehouse::cli
