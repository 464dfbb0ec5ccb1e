// A request goes through nginx's phases. Each phase is a function here, and each calls the next:
//
//   enter_server   the rewrite directives of the server (set, if, rewrite, return)
//   choose         the location, by locate()
//   run_program    the rewrite directives of the location; a changed address goes back to choose()
//   access         allow and deny, passwords, auth_request; a refusal goes to error()
//   precontent     try_files, whose last argument leads back to enter_server()
//   content        the handler, or a file, or the index of a folder
//   error          error_page, which leads back to enter_server() or to a named location
//
// So auth_request comes after every `return` and `rewrite`, and a redirect inside nginx begins from
// the start: that is how a protected address may be answered without a question.
//
// The walk is symbolic. It knows the address and the configuration, but no files, headers or clock.
// Where those decide (an `if`, a try_files, an index), it takes both ways, with a copy of the
// request for each. A way ends in an Ending, and its Request has the steps, by which the rules say
// why.
//
// Taking both ways may report what no visitor of this host can reach: a needless report costs a
// look, a missed one opens the site. Two exceptions keep sound sites silent: no file lies below a
// script (/x.php/y), and none has the name of an auth_request's address, since otherwise any
// try_files would seem to answer nginx's question.
//
// Bounds: 4,000 steps a walk, ten changes of the address a request (nginx's own limit), and the
// budget of all walks, in Judges. A walk at a bound drops its further ways.
#include "nginx/walk.h"

#include <algorithm>
#include <charconv>

#include "nginx/access.h"
#include "nginx/condition.h"
#include "nginx/judges.h"
#include "nginx/resource.h"

namespace gatehouse::nginx {
namespace {

constexpr int kMostSteps = 4000;

std::string without_query(std::string_view uri) {
  return std::string(uri.substr(0, uri.find('?')));
}

int number_in(std::string_view text) {
  int number = -1;
  (void)std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

/// One walk. It collects the endings of all its ways.
class Walk {
 public:
  Walk(const Site& site, Judges& judges, Visitor visitor)
      : site_(site), judges_(judges), visitor_(visitor) {}

  std::vector<Ending> run(const Level& server, const std::string& uri) {
    if (spent()) return {};
    Request request;
    request.server = &server;
    request.uri = request.asked_uri = uri;
    request.internal = is_question();
    enter_server(std::move(request));
    return std::move(endings_);
  }

 private:
  [[nodiscard]] bool is_question() const { return visitor_.kind == Visitor::Kind::question; }
  [[nodiscard]] bool spent() { return !judges_.spend() || ++steps_ > kMostSteps; }

  void end(Request request, Ending::Kind kind, int status, Resource resource = {}) {
    const int shown = request.status.value_or(status);
    endings_.push_back({kind, shown, std::move(resource), std::move(request)});
  }

  // The phases, in nginx's order.
  void enter_server(Request request) {
    request.level = request.server;
    const auto& program = request.server->program;
    run_program(std::move(request), program, 0, Way::certain);
  }

  void choose(Request request) {
    if (--request.turns < 0 || spent()) return;
    const Located located = locate(*request.server, request.uri, visitor_.firm_prefix);
    request.level = located.level;
    request.uri_changed = false;
    if (!located.groups.empty()) request.groups = located.groups;
    for (const auto& [name, text] : located.named_groups) request.variables[name] = {text, true};
    request.way.push_back({Step::Kind::chosen, located.level, nullptr});
    if (located.redirects) return end(std::move(request), Ending::Kind::redirect, 301);
    if (request.level->here("internal") && !request.internal) return error(std::move(request), 404);
    run_program_of_level(std::move(request));
  }

  void run_program_of_level(Request request) {
    const Level& level = *request.level;
    if (level.is_location()) return run_program(std::move(request), level.program, 0, Way::certain);
    // No location matches. The rewrite directives of the server have run already.
    access(std::move(request));
  }

  /// Goes on after the rewrite directives: to the location, to another one if a rewrite changed the
  /// address, or to the access phase.
  void leave_program(Request request) {
    const bool in_server = !request.level->location().is_location();
    if (in_server && !has_chosen(request)) return choose(std::move(request));
    if (request.uri_changed) return choose(std::move(request));
    access(std::move(request));
  }
  /// True if a location was chosen since the server was entered.
  static bool has_chosen(const Request& request) { return request.level != request.server; }

  void access(Request request) {
    if (is_question()) return precontent(std::move(request));
    const Access found = access_of(request, judges_, visitor_.kind);
    if (found.admitted) {
      request.way.insert(request.way.end(), found.steps.begin(), found.steps.end());
      return precontent(std::move(request));
    }
    for (const auto& [status, by] : found.refusals) {
      Request refused = request;
      refused.way.push_back({Step::Kind::refused, request.level, by});
      error(std::move(refused), status);
    }
  }

  void precontent(Request request) {
    const Directive* files = request.level->here("try_files");
    if (!files || files->arguments.size() < 2 || spent()) return content(std::move(request));
    for (std::size_t i = 0; i + 1 < files->arguments.size(); ++i) {
      try_file(request, files->arguments[i]);
    }
    const std::string& last = files->arguments.back();
    if (last.starts_with('=')) return error(std::move(request), number_in(last.substr(1)));
    request.way.push_back({Step::Kind::fell_back, request.level, files});
    if (last.starts_with('@')) return enter_named(std::move(request), last);
    const std::string uri = without_query(expand(last, request).value);
    redirect(std::move(request), uri);
  }

  /// Goes on as if this argument of try_files named a file or folder that is there. The caller goes
  /// on as if it were not.
  void try_file(const Request& request, std::string name) {
    const bool is_folder = name.ends_with('/');
    if (is_folder) name.pop_back();
    Request found = request;
    found.uri = expand(name, request).value;
    if (!may_exist(file_path(found.uri, found).value, request)) return;
    const bool needs_slash = is_folder && !found.uri.ends_with('/') && !handler_of(*found.level);
    if (needs_slash) return end(std::move(found), Ending::Kind::redirect, 301);
    if (!is_folder && found.uri.ends_with('/')) return;
    content(std::move(found));
  }

  /// True if there may be a file of this path: none lies below a script, and none is named like
  /// nginx's question.
  [[nodiscard]] bool may_exist(const std::string& path, const Request& request) const {
    const bool below_script = path.find(".php/") != std::string::npos;
    return !below_script &&
           !(is_question() && path.find(normal_path(request.asked_uri)) != std::string::npos);
  }

  void content(Request request) {
    if (spent()) return;
    if (const Directive* handler = handler_of(*request.level)) {
      Resource resource = resource_of(request, *handler, site_);
      if (resource.kind == Resource::Kind::question) fail_to_ask(request);
      return end(std::move(request), Ending::Kind::content, 200, std::move(resource));
    }
    if (request.uri.ends_with('/')) return index(std::move(request));
    const std::string path = file_path(request.uri, request).value;
    if (may_exist(path, request)) {
      end(request, Ending::Kind::content, 200, {Resource::Kind::file, path});
    }
    error(std::move(request), 404);
  }

  /// Follows the error pages for a Gatehouse that is away and, if nginx intercepts errors there,
  /// for its refusals. One that answers 200 would be a yes.
  void fail_to_ask(const Request& request) {
    error(request, 502);
    error(request, 504);
    if (!request.level->is_on("fastcgi_intercept_errors", Level::Default::off)) return;
    for (const int status : {401, 403, 404, 500, 503}) error(request, status);
  }

  void index(Request request) {
    std::vector<std::string> names;
    for (const auto* line : request.level->list({"index"})) {
      names.insert(names.end(), line->arguments.begin(), line->arguments.end());
    }
    if (names.empty()) names.emplace_back("index.html");
    for (const auto& name : names) {
      Request found = request;
      found.way.push_back({Step::Kind::indexed, request.level, nullptr});
      const std::string expanded = expand(name, request).value;
      if (may_exist(file_path(request.uri, request).value, request)) {
        // nginx redirects to an index that begins with a slash without looking for the file.
        if (!expanded.starts_with('/')) found.existing = request.uri + expanded;
        redirect(std::move(found), expanded.starts_with('/') ? expanded : request.uri + expanded);
      }
    }
    if (request.level->is_on("autoindex", Level::Default::off)) {
      const std::string path = file_path(request.uri, request).value;
      end(request, Ending::Kind::content, 200, {Resource::Kind::listing, path});
    }
    error(std::move(request), 403);
  }

  // The ways back: redirects inside nginx.
  void redirect(Request request, const std::string& uri) {
    if (--request.turns < 0 || uri.empty() || spent()) return;
    request.uri = uri;
    request.internal = true;
    enter_server(std::move(request));
  }

  /// Enters a named location, without the server's rewrite directives.
  void enter_named(Request request, const std::string& name) {
    if (--request.turns < 0 || spent()) return;
    const Level* level = named_location(*request.server, name);
    if (!level) return end(std::move(request), Ending::Kind::status, 500);
    request.level = level;
    request.internal = true;
    request.uri_changed = false;
    request.way.push_back({Step::Kind::chosen, level, nullptr});
    run_program(std::move(request), level->program, 0, Way::certain);
  }

  /// Follows the error_page for this status, or ends with the status. A second error inside of an
  /// error page ends, unless `recursive_error_pages` is on.
  void error(Request request, int status) {
    const bool again = request.level->is_on("recursive_error_pages", Level::Default::off);
    const Directive* page = request.in_error_page && !again ? nullptr : page_for(request, status);
    if (!page || spent()) {
      request.status.reset();
      return end(std::move(request), Ending::Kind::status, status);
    }
    request.in_error_page = true;
    request.status = status;
    const std::string_view change = page->argument(page->arguments.size() - 2);
    if (change == "=") request.status.reset();
    if (change.size() > 1 && change.starts_with('=')) request.status = number_in(change.substr(1));
    request.way.push_back({Step::Kind::error_page, request.level, page});
    for (const auto& target : alternatives(page->arguments.back(), request, site_)) {
      if (target.value.starts_with('@')) {
        enter_named(request, target.value);
      } else if (target.value.starts_with('/')) {
        redirect(request, without_query(target.value));
      } else {
        end(request, Ending::Kind::redirect, 302);
      }
    }
  }

  /// The first error_page that names the status. Null if none does.
  static const Directive* page_for(const Request& request, int status) {
    const auto pages = request.level->list({"error_page"});
    const auto found = std::find_if(pages.begin(), pages.end(), [&](const Directive* page) {
      const auto& words = page->arguments;
      return words.size() > 1 &&
             std::find(words.begin(), words.end() - 1, std::to_string(status)) != words.end() - 1;
    });
    return found == pages.end() ? nullptr : *found;
  }

  /// Whether each condition on a way through a program holds for certain, or one was assumed to.
  enum class Way { certain, assumed };

  /// Runs the rewrite directives from `at` on.
  void run_program(Request request, const std::vector<Op>& program, std::size_t at, Way way) {
    while (at < program.size()) {
      if (spent()) return;
      const Op& op = program[at];
      const std::string& name = op.directive->name;
      if (name == "break") {
        request.uri_changed = false;
        break;
      }
      if (name == "return") {
        // A question carries the headers of the visitor. If this `if` were true for the question,
        // the visitor would have got this answer, and nobody would have been asked.
        if (way == Way::certain || !is_question()) answer(std::move(request), *op.directive);
        return;
      }
      if (name == "set") {
        const std::string_view variable = op.directive->argument(0);
        request.variables[std::string(variable.substr(variable.starts_with('$') ? 1 : 0))] =
            expand(op.directive->argument(1), request);
      } else if (name == "if") {
        const Truth truth = truth_of(op, request, visitor_.kind);
        if (truth == Truth::either) run_program(request, program, op.behind, way);
        if (truth == Truth::either) way = Way::assumed;
        at = truth == Truth::no ? op.behind : at + 1;
        if (truth != Truth::no && op.level) request.level = op.level;
        continue;
      } else if (name == "rewrite" && !rewrite(request, op)) {
        return;
      } else if (name == "rewrite" && stops_) {
        break;
      }
      ++at;
    }
    leave_program(std::move(request));
  }

  /// Runs a `rewrite`. False if the way ends here with a redirect. Sets `stops_` if no directive
  /// after it runs.
  bool rewrite(Request& request, const Op& op) {
    stops_ = false;
    const auto match = op.expression->match(request.uri);
    if (!match) return true;
    request.groups = match->groups;
    for (const auto& [name, text] : match->named) request.variables[name] = {text, true};
    const std::string_view target = op.directive->argument(1);
    const std::string_view flag = op.directive->argument(2);
    const bool leaves = target.starts_with("http://") || target.starts_with("https://") ||
                        target.starts_with("$scheme") || flag == "redirect" || flag == "permanent";
    if (leaves) {
      end(request, Ending::Kind::redirect, flag == "permanent" ? 301 : 302);
      return false;
    }
    request.uri = without_query(expand(target, request).value);
    request.internal = true;
    request.uri_changed = flag != "break";
    request.way.push_back({Step::Kind::rewritten, request.level, op.directive});
    stops_ = flag == "last" || flag == "break";
    return true;
  }

  /// Ends with what a `return` answers: a redirect, a text, or a status that may have an error
  /// page.
  void answer(Request request, const Directive& directive) {
    const int status = number_in(directive.argument(0));
    const Text text = expand(directive.argument(1), request);
    const bool leads_away = status < 0 || (status >= 301 && status <= 308 && status != 304);
    if (leads_away)
      return end(std::move(request), Ending::Kind::redirect, status < 0 ? 302 : status);
    if (status >= 300 && directive.arguments.size() < 2) return error(std::move(request), status);
    if (status >= 300 || text.value.empty()) {
      return end(std::move(request), Ending::Kind::status, status);
    }
    request.way.push_back({Step::Kind::rewritten, request.level, &directive});
    end(std::move(request), Ending::Kind::content, status, {Resource::Kind::text, text.value});
  }

  const Site& site_;
  Judges& judges_;
  Visitor visitor_;
  int steps_ = 0;
  bool stops_ = false;
  std::vector<Ending> endings_;
};

}  // namespace

std::vector<Ending> walk(const Site& site, Judges& judges, const Level& server,
                         const std::string& uri, Visitor visitor) {
  return Walk(site, judges, visitor).run(server, uri);
}

}  // namespace gatehouse::nginx
